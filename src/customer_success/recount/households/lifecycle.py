"""The nine stages of the lifecycle: a state machine over the Sundays of a household."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from . import windows
from .facts import Home, World, latest_sunday
from .journey import segments
from .journey_rules import JourneyRules
from .onboarding import progress_at
from .scorecards import scorecard
from .values import day_number

F = Fraction
OVERRIDE, TENURE = "override", "tenure"
LONG_INTERVAL = 180
SEVERE = ("High", "Critical")
# Whether a household has an open expansion opportunity at the end of a day.
Opportunity = Callable[[Home, int], bool]


def no_opportunity(home: Home, d: int) -> bool:
    """Return that there is none."""
    return False


@dataclass(frozen=True)
class Spell:
    """Days of one stage; ``rule`` by which it was entered, ``is_manual`` where a person set it."""

    stage: str
    entered: int
    rule: str
    left: int | None = None
    truncated: bool = False
    is_manual: bool = False
    since: int | None = None


@dataclass(frozen=True)
class Machine:
    """What the rules look at: a household at the end of days, with the opportunities of others' rules."""

    home: Home
    world: World
    rules: JourneyRules
    opportunity: Opportunity = no_opportunity

    def health(self, d: int) -> int | None:
        """Return the primary score."""
        card = scorecard(self.world.rules.health.primary, self.home, d, self.world)
        return None if card is None else card.overall

    def nps(self, d: int) -> int | None:
        """Return the latest NPS."""
        return windows.latest_nps(self.home, d)

    def age(self, d: int) -> int:
        """Return the days since signup."""
        return d - self.home.signup

    def newness(self, d: int) -> int:
        """Return the days since signup or, where it came back, since its latest return."""
        returns = [
            s.reactivated for s in self.home.spells if s.reactivated is not None and s.reactivated <= d
        ]
        return d - max([self.home.signup, *returns])

    def risk(self, d: int) -> str | None:
        """Return the first of the conditions of rule 4 that holds, None where none does."""
        bound = self.rules.thresholds
        health, nps = self.health(d), self.nps(d)
        if health is not None and health < bound["at_risk_health"]:
            return "health"
        if self.home.has("product.events"):
            silent = windows.days_since_login(self.home, d)
            if (self.age(d) if silent is None else silent) > bound["at_risk_login_days"]:
                return "days_since_login"
        states = windows.states_of(self.home, windows.tickets_by(self.home, d), d)
        if sum(state.is_open and state.severity in SEVERE for state in states) > bound["at_risk_tickets"]:
            return "open_tickets"
        return "nps" if nps is not None and nps <= bound["at_risk_nps"] else None

    def days_to_renewal(self, d: int) -> int | None:
        """Return the days to the renewal of a long subscription; None where none is ahead."""
        main = self.home.line.at(d).main
        if main is None or not main.paying or pd.isna(main.current_period_end):
            return None
        price, end = main.price, day_number(main.current_period_end)
        days = main.rules.interval_days.get(price.interval, 0) if price and price.interval_count else 0
        if days * (price.interval_count if days else 0) < LONG_INTERVAL or end < d:
            return None
        scheduled = not pd.isna(main.cancel_at) and day_number(main.cancel_at) <= end
        return None if main.cancel_at_period_end or scheduled else end - d

    def is_renewing(self, d: int) -> bool:
        """Return whether a renewal is near."""
        left = self.days_to_renewal(d)
        return left is not None and left <= self.rules.thresholds["renewing_days"]

    def step(self, d: int, spell: Spell) -> tuple[str, str] | None:
        """Return stage and rule of the first of rules 4 to 15 that holds; None where none does."""
        if self.risk(d):
            return "at_risk", "4"
        steps = {
            "trial": self._of_trial,
            "onboarding": self._of_onboarding,
            "adopting": self._of_adopting,
            "growing": self._of_growing,
            "renewing": lambda d: None if self.is_renewing(d) else ("growing", "12"),
            "expanding": lambda d: None if self.opportunity(self.home, d) else ("growing", "13"),
            "advocating": self._of_advocating,
        }
        return self._of_risk(d, spell) if spell.stage == "at_risk" else steps[spell.stage](d)

    def _of_trial(self, d: int) -> tuple[str, str] | None:
        return None if self.home.line.at(d).trial else ("onboarding", "5")

    def _of_onboarding(self, d: int) -> tuple[str, str] | None:
        bound = self.rules.thresholds
        progress = progress_at(self.home, d, self.world, self.rules)
        is_over = self.newness(d) > bound["onboarding_days"]
        if progress is None:
            return None
        if progress >= bound["onboarding_progress"]:
            return "adopting", "6"
        if not is_over:
            return None
        return ("adopting", "6") if progress >= bound["onboarding_least_progress"] else ("at_risk", "7")

    def _of_adopting(self, d: int) -> tuple[str, str] | None:
        bound, health = self.rules.thresholds, self.health(d)
        is_healthy = health is not None and health >= bound["growing_health"]
        return ("growing", "8") if is_healthy and self.age(d) > bound["growing_days"] else None

    def _of_growing(self, d: int) -> tuple[str, str] | None:
        bound, health, nps = self.rules.thresholds, self.health(d), self.nps(d)
        if self.is_renewing(d):
            return "renewing", "9"
        if self.opportunity(self.home, d):
            return "expanding", "10"
        if None in (health, nps) or nps < bound["advocating_nps"] or health < bound["advocating_health"]:
            return None
        return "advocating", "11"

    def _of_advocating(self, d: int) -> tuple[str, str] | None:
        bound, health, nps = self.rules.thresholds, self.health(d), self.nps(d)
        is_lower = health is not None and health < bound["advocating_health_left"]
        if is_lower or (nps is not None and nps < bound["advocating_nps"]):
            return "growing", "14"
        return None

    def _of_risk(self, d: int, spell: Spell) -> tuple[str, str] | None:
        """Apply rule 15, when rule 4 does not hold."""
        bound, health = self.rules.thresholds, self.health(d)
        if health is None or health < bound["recovered_health"]:
            return None
        if spell.rule == "7":
            progress = progress_at(self.home, d, self.world, self.rules)
            if progress is None or progress < bound["onboarding_least_progress"]:
                return None
        return ("growing" if self.age(d) > bound["growing_days"] else "adopting"), "15"

    def override(self, sunday: int) -> str | None:
        """Return the stage that a person set for this Sunday: the latest since the Sunday before."""
        found = [o.stage for o in self.home.overrides if sunday - 7 < o.day <= sunday]
        return found[-1] if found else None

    def beginning(self, d: int, kind: str) -> tuple[str, str]:
        """Return stage and rule of a run of days as a customer: of a signup, a return, or of those before."""
        bound = self.rules.thresholds
        if kind == "return":
            return "onboarding", "3"
        if kind == "signup":
            return ("trial" if self.home.line.at(d).trial else "onboarding"), "2"
        if self.age(d) <= bound["onboarding_days"]:
            return "onboarding", TENURE
        return ("adopting" if self.age(d) <= bound["growing_days"] else "growing"), TENURE


def spells(machine: Machine) -> list[Spell]:
    """Return the spells from the first score date on, or from signup where that is later."""
    home, world = machine.home, machine.world
    if home.never or home.signup > world.as_of:
        return []
    first = world.score_dates()[0]
    found: list[Spell] = []
    for begins, ends, kind in segments(home, world.as_of):
        if ends is not None and ends <= first:
            continue
        is_old = home.signup < first and begins <= first
        if kind is not None:
            found.append(Spell("churned", max(begins, first) if is_old else begins, "1", ends, is_old))
            continue
        how = "return" if begins != home.signup else "signup"
        found += _of_customer(
            machine, max(begins, first) if is_old else begins, ends, "old" if is_old else how
        )
    return found


def _of_customer(machine: Machine, start: int, ends: int | None, how: str) -> Iterator[Spell]:
    """Yield the spells of a run of days as a customer: a beginning, then one step a Sunday."""
    world = machine.world
    until = world.as_of + 1 if ends is None else ends
    sundays = [d for d in world.score_dates() if start <= d < until and d == latest_sunday(d)]
    stage, rule = machine.beginning(sundays[0] if sundays else until - 1, how)
    spell = Spell(stage, start, rule, truncated=how == "old", since=sundays[0] if sundays else None)
    for sunday in sundays:
        manual = machine.override(sunday)
        if manual:
            new = (manual, OVERRIDE)
        elif sunday == sundays[0]:
            continue
        elif spell.stage == "churned":  # set by a person; it is a customer all the same
            new = ("onboarding", "3")
        else:
            new = machine.step(sunday, spell)
        if new is None:
            continue
        if new[0] == spell.stage:
            spell = replace(spell, rule=OVERRIDE) if manual else spell
        elif sunday == sundays[0]:
            spell = replace(spell, stage=new[0], rule=new[1], is_manual=True)
        else:
            yield replace(spell, left=sunday)
            spell = Spell(*new[:1], sunday, new[1], is_manual=manual is not None, since=sunday)
    yield replace(spell, left=ends)


def stage_today(machine: Machine, spell: Spell) -> str:
    """Return the stage of as_of_date that the rules give after the current spell."""
    d = machine.world.as_of
    if not machine.home.is_customer(d):
        return "churned"
    if spell.since is None or d == latest_sunday(d):
        return spell.stage
    if spell.stage == "churned":
        return "onboarding"
    new = machine.step(d, spell)
    return spell.stage if new is None else new[0]


def lifecycle_rows(machine: Machine) -> Iterator[dict]:
    """Make the rows of fct_lifecycle_stages, without what explains the current spell."""
    before = None
    for number, spell in enumerate(spells(machine), start=1):
        ends = machine.world.as_of if spell.left is None else spell.left
        yield {
            "spell_number": number,
            "stage": spell.stage,
            "entered_on": None if spell.truncated else spell.entered,
            "left_on": spell.left,
            "days_in_stage": None if spell.truncated else ends - spell.entered,
            "previous_stage": None if spell.truncated else before,
            "rule": None if spell.truncated else spell.rule,
            "triggered_by": "manual" if spell.is_manual else "automatic",
            "stage_today": stage_today(machine, spell) if spell.left is None else None,
            "is_left_truncated": spell.truncated,
            "is_current": spell.left is None,
        }
        before = spell.stage
