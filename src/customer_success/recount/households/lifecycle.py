"""The rules of the nine stages of the lifecycle: one step of the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from . import windows
from .facts import Home, World
from .journey_rules import JourneyRules
from .onboarding import progress_at
from .renewals import days_to_renewal
from .scorecards import primary_score

F = Fraction
OVERRIDE, TENURE = "override", "tenure"
SEVERE = ("High", "Critical")
# How many expansion opportunities of a household are open at the end of a day.
Opportunity = Callable[[Home, int], int]
ONE = F(1)


def no_opportunity(home: Home, d: int) -> int:
    """Return that there is none."""
    return 0


class Move(NamedTuple):
    """A change of stage by a rule (its number, as a text), with the value that decided and its threshold."""

    stage: str
    rule: str
    value: int | Fraction | None = None
    threshold: Fraction | None = None


@dataclass(frozen=True)
class Spell:
    """Days of one stage and the ``move`` that led to it; ``is_manual`` where a person set it.

    ``is_put``: a person set that stage once more while it lasted.
    """

    move: Move
    entered: int
    left: int | None = None
    truncated: bool = False
    is_manual: bool = False
    is_put: bool = False
    since: int | None = None

    @property
    def stage(self) -> str:
        """The stage."""
        return self.move.stage

    @property
    def rule(self) -> str:
        """The rule by which it was entered."""
        return self.move.rule


@dataclass(frozen=True)
class Machine:
    """What the rules look at: a household at the end of days, with the opportunities of others' rules."""

    home: Home
    world: World
    rules: JourneyRules
    opportunity: Opportunity = no_opportunity

    def health(self, d: int) -> int | None:
        """Return the primary score."""
        return primary_score(self.home, d, self.world)

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

    def risks(self, d: int) -> list[tuple[int, Fraction]]:
        """Return value and threshold of each condition of rule 4 that holds."""
        bound = self.rules.thresholds
        health, nps, silent = self.health(d), self.nps(d), None
        if self.home.has("product.events"):
            silent = windows.days_since_login(self.home, d)
            silent = self.age(d) if silent is None else silent
        states = windows.states_of(self.home, windows.tickets_by(self.home, d), d)
        severe = sum(state.is_open and state.severity in SEVERE for state in states)
        found = [
            (health, bound["at_risk_health"], health is not None and health < bound["at_risk_health"]),
            (
                silent,
                bound["at_risk_login_days"],
                silent is not None and silent > bound["at_risk_login_days"],
            ),
            (severe, bound["at_risk_tickets"], severe > bound["at_risk_tickets"]),
            (nps, bound["at_risk_nps"], nps is not None and nps <= bound["at_risk_nps"]),
        ]
        return [(value, threshold) for value, threshold, holds in found if holds]

    def days_to_renewal(self, d: int) -> int | None:
        """Return the days to the renewal of a long subscription; None where none is ahead."""
        return days_to_renewal(self.home, d)

    def is_renewing(self, d: int) -> bool:
        """Return whether a renewal is near."""
        left = self.days_to_renewal(d)
        return left is not None and left <= self.rules.thresholds["renewing_days"]

    def step(self, d: int, spell: Spell) -> Move | None:
        """Return the move by the first of rules 4 to 15 that holds; None where none does."""
        risks = self.risks(d)
        if risks:
            return Move("at_risk", "4", *risks[0])
        if spell.stage == "at_risk":
            return self._of_risk(d, spell)
        return STEPS[spell.stage](self, d)

    def _of_trial(self, d: int) -> Move | None:
        return None if self.home.line.at(d).trial else Move("onboarding", "5")

    def _of_onboarding(self, d: int) -> Move | None:
        bound = self.rules.thresholds
        progress = progress_at(self.home, d, self.world, self.rules)
        most, least = bound["onboarding_progress"], bound["onboarding_least_progress"]
        if progress is None:
            return None
        if progress >= most:
            return Move("adopting", "6", progress, most)
        if self.newness(d) <= bound["onboarding_days"]:
            return None
        if progress >= least:
            return Move("adopting", "6", progress, least)
        return Move("at_risk", "7", progress, least)

    def _of_adopting(self, d: int) -> Move | None:
        bound, health = self.rules.thresholds, self.health(d)
        is_healthy = health is not None and health >= bound["growing_health"]
        if is_healthy and self.age(d) > bound["growing_days"]:
            return Move("growing", "8", health, bound["growing_health"])
        return None

    def _of_growing(self, d: int) -> Move | None:
        bound, health, nps = self.rules.thresholds, self.health(d), self.nps(d)
        if self.is_renewing(d):
            return Move("renewing", "9", self.days_to_renewal(d), bound["renewing_days"])
        opportunities = self.opportunity(self.home, d)
        if opportunities:
            return Move("expanding", "10", opportunities, ONE)
        if None in (health, nps) or nps < bound["advocating_nps"] or health < bound["advocating_health"]:
            return None
        return Move("advocating", "11", nps, bound["advocating_nps"])

    def _of_renewing(self, d: int) -> Move | None:
        if self.is_renewing(d):
            return None
        return Move("growing", "12", self.days_to_renewal(d), self.rules.thresholds["renewing_days"])

    def _of_expanding(self, d: int) -> Move | None:
        return None if self.opportunity(self.home, d) else Move("growing", "13", 0, ONE)

    def _of_advocating(self, d: int) -> Move | None:
        bound, health, nps = self.rules.thresholds, self.health(d), self.nps(d)
        if health is not None and health < bound["advocating_health_left"]:
            return Move("growing", "14", health, bound["advocating_health_left"])
        if nps is not None and nps < bound["advocating_nps"]:
            return Move("growing", "14", nps, bound["advocating_nps"])
        return None

    def _of_risk(self, d: int, spell: Spell) -> Move | None:
        """Apply rule 15, when rule 4 does not hold."""
        health, least = self.health(d), self.rules.thresholds["recovered_health"]
        if health is None or health < least or not self._is_back(d, spell):
            return None
        return Move(self.recovery(d), "15", health, least)

    def recovery(self, d: int) -> str:
        """Return where rule 15 leads."""
        return "growing" if self.age(d) > self.rules.thresholds["growing_days"] else "adopting"

    def _is_back(self, d: int, spell: Spell) -> bool:
        """Return whether its onboarding, where that put it at risk, has come far enough since."""
        if spell.rule != "7" or spell.is_put:
            return True
        progress = progress_at(self.home, d, self.world, self.rules)
        return progress is not None and progress >= self.rules.thresholds["onboarding_least_progress"]

    def conditions(self, d: int, spell: Spell) -> list[bool]:
        """Return which of the conditions of the next stage hold; none where there is no next stage."""
        bound, health = self.rules.thresholds, self.health(d)
        if spell.stage == "churned":
            return []
        if spell.stage == "at_risk":
            healthy = health is not None and health >= bound["recovered_health"]
            return [healthy, not self.risks(d), self._is_back(d, spell)]
        if spell.stage == "adopting":
            healthy = health is not None and health >= bound["growing_health"]
            return [healthy, self.age(d) > bound["growing_days"]]
        if spell.stage == "onboarding":
            move = self._of_onboarding(d)
            return [move is not None and move.rule == "6"]
        if spell.stage == "growing":
            return [self.opportunity(self.home, d) > 0]
        return [STEPS[spell.stage](self, d) is not None]

    def override(self, sunday: int) -> str | None:
        """Return the stage that a person set for this Sunday: the latest since the Sunday before."""
        found = [o.stage for o in self.home.overrides if sunday - 7 < o.day <= sunday]
        return found[-1] if found else None

    def beginning(self, d: int, kind: str) -> Move:
        """Return the first move of a run of days as a customer: of a signup, a return, or an older one."""
        bound = self.rules.thresholds
        if kind == "return":
            return Move("onboarding", "3")
        if kind == "signup":
            return Move("trial" if self.home.line.at(d).trial else "onboarding", "2")
        if self.age(d) <= bound["onboarding_days"]:
            return Move("onboarding", TENURE)
        return Move("adopting" if self.age(d) <= bound["growing_days"] else "growing", TENURE)


STEPS = {
    "trial": Machine._of_trial,
    "onboarding": Machine._of_onboarding,
    "adopting": Machine._of_adopting,
    "growing": Machine._of_growing,
    "renewing": Machine._of_renewing,
    "expanding": Machine._of_expanding,
    "advocating": Machine._of_advocating,
}
NEXT = {
    "trial": "onboarding",
    "onboarding": "adopting",
    "adopting": "growing",
    "growing": "expanding",
    **dict.fromkeys(("renewing", "expanding", "advocating"), "growing"),
}
