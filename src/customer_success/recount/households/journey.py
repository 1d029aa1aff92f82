"""The seven stages of the journey as spells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from . import windows
from .facts import Home, World, latest_sunday, within
from .journey_rules import JourneyRules
from .windows import mean

F = Fraction
RETENTION_SUNDAYS = 4


@dataclass(frozen=True)
class Spell:
    """Days of one stage, from ``entered`` to the day before ``left`` (None: open)."""

    stage: str
    entered: int
    left: int | None = None
    truncated: bool = False
    cause: str | None = None


def stage_of_customer(home: Home, d: int, was: str | None) -> str:
    """Return the stage of a customer at d who was in another, or in none, before."""
    age, whole = d - home.signup, home.rules.whole
    if age <= whole("journey_onboarding_days"):
        return "onboarding"
    if is_advocate(home, d):
        return "advocacy"
    if age > whole("journey_retention_after_days") and _is_steady(home, d, was):
        return "retention"
    if age > whole("journey_growth_after_days") and _has_grown(home, d):
        return "growth"
    return "adoption"


def is_advocate(home: Home, d: int) -> bool:
    """Return whether it brings others, praised the product in a review, or is a promoter of some age."""
    whole = home.rules.whole
    referred = sum(within(day, d, whole("advocate_referral_days")) for day in home.conversions)
    if referred >= whole("advocate_min_referrals"):
        return True
    least = whole("advocate_min_rating")
    reviews = (r for r in home.reviews if r.rating is not None and r.rating >= least)
    if any(within(review.day, d, whole("advocate_review_days")) for review in reviews):
        return True
    nps, age = windows.latest_nps(home, d), d - home.signup
    return nps is not None and nps >= whole("advocate_min_nps") and age > whole("advocate_after_days")


def _is_steady(home: Home, d: int, was: str | None) -> bool:
    """Return whether its use of the last four Sundays is even enough: a lower bound holds who is there."""
    sundays = [latest_sunday(d) - 7 * n for n in range(RETENTION_SUNDAYS)]
    ratio = mean(_daily_of_weekly(home, sunday) for sunday in sundays)
    least = "journey_retention_below" if was == "retention" else "journey_retention_from"
    return ratio is not None and ratio >= home.rules.exact(least)


def _daily_of_weekly(home: Home, d: int) -> Fraction | None:
    """Return how many of those active in seven days were so on an average day."""
    weekly = len(windows.active_members(home, d, 7)) if home.has("product.events") else 0
    return F(windows.daily_actives(home, d, 7), 7 * weekly) if weekly else None


def _has_grown(home: Home, d: int) -> bool:
    """Return whether a pet was added or a member joined lately, after the days of set-up."""
    added = [*(day for _, day, _ in home.pets), *(day for _, day, _ in home.members)]
    days = home.rules.whole("journey_growth_days")
    settled = home.signup + home.rules.whole("journey_onboarding_days")
    return any(within(day, d, days) and day > settled for day in added)


def segments(home: Home, as_of: int) -> Iterator[tuple[int, int | None, str | None]]:
    """Yield the runs of days: first day, day after the last (None: still running), type of churn.

    The type is None for a run as a customer.
    """
    begins = home.signup
    for spell in home.spells:
        yield begins, spell.churned, None
        yield spell.churned, spell.reactivated, spell.kind
        if spell.reactivated is None:
            return
        begins = spell.reactivated
    if begins <= as_of:
        yield begins, None, None


def spells(home: Home, world: World) -> list[Spell]:
    """Return the spells of the stages from the first score date on, or from signup where that is later."""
    if home.never or home.signup > world.as_of:
        return []
    first = world.score_dates()[0]
    sundays = [d for d in world.score_dates() if d == latest_sunday(d)]
    found: list[Spell] = []
    for begins, ends, kind in segments(home, world.as_of):
        if ends is not None and ends <= first:
            continue
        start = max(begins, first) if home.signup < first else begins
        if kind is None:
            found += _of_customer(home, world, start, ends, [s for s in sundays if start <= s])
        else:
            found.append(Spell("churned", start, ends, cause=kind))
    if found and home.signup < first:
        found[0] = replace(found[0], truncated=True)
    return found


def _of_customer(home: Home, world: World, start: int, ends: int | None, sundays: list[int]) -> list[Spell]:
    """Return the spells of a run of days as a customer.

    Without a Sunday in it, its stage is that of as_of_date, or of the day before it churned.
    """
    until = world.as_of + 1 if ends is None else ends
    dates = [sunday for sunday in sundays if sunday < until] or [until - 1]
    stage = stage_of_customer(home, dates[0], None)
    found = [Spell(stage, start)]
    for sunday in dates[1:]:
        stage = stage_of_customer(home, sunday, found[-1].stage)
        if stage != found[-1].stage:
            found[-1] = replace(found[-1], left=sunday)
            found.append(Spell(stage, sunday))
    found[-1] = replace(found[-1], left=ends)
    return found


def stage_today(home: Home, world: World, was: str) -> str:
    """Return the stage of as_of_date of a household that its current spell has in another."""
    return stage_of_customer(home, world.as_of, was) if home.is_customer(world.as_of) else "churned"


def journey_rows(home: Home, world: World, rules: JourneyRules) -> Iterator[dict]:
    """Make the rows of fct_journey_stages."""
    before: str | None = "awareness"
    found = spells(home, world)
    for number, spell in enumerate(found, start=1):
        ends = world.as_of if spell.left is None else spell.left
        previous = None if spell.truncated else before
        yield {
            "spell_number": number,
            "stage": spell.stage,
            "entered_on": None if spell.truncated else spell.entered,
            "left_on": spell.left,
            "days_in_stage": None if spell.truncated else ends - spell.entered,
            "previous_stage": previous,
            "trigger_event": None if previous is None else _trigger(previous, spell, rules),
            "stage_today": stage_today(home, world, spell.stage) if spell.left is None else None,
            "is_left_truncated": spell.truncated,
            "is_current": spell.left is None,
        }
        before = spell.stage


def _trigger(before: str, spell: Spell, rules: JourneyRules) -> str:
    """Name the event behind a change of stage."""
    if spell.stage == "churned":
        return str(spell.cause)
    if before == "churned":
        return "reactivated"
    return rules.triggers.get((before, spell.stage), f"{before}_to_{spell.stage}")
