"""Opportunities to grow: the condition of each type on a Sunday, and the spells that follow.

Conditions are those of customers; what is unknown makes none hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from . import windows
from .billing import State, Timeline
from .billing_tables import change_type, plan_move
from .facts import Home, World, within
from .growth_facts import Growth
from .rules import Rules

F = Fraction
TIERS = ("advanced", "premium")
# Limits of a plan by their names in var near_limit_shares.
NEAR = {"members": "members", "photos": "photos", "recurring_tasks": "tasks"}


class Spell(NamedTuple):
    """An opportunity: identified, and how and when it ended."""

    kind: str
    identified: int
    status: str
    ended: int | None


def tasks_in_use(growth: Growth, d: int, days: int) -> int:
    """Count the recurring tasks that are open at the end of d and due within so many days."""
    return sum(
        task.created <= d < task.until and task.due is not None and d <= task.due <= d + days
        for task in growth.recurring
    )


def usage(name: str, home: Home, growth: Growth, d: int) -> tuple[int, Fraction] | None:
    """Return what is used of a limit of the plan, and the limit; None where there is none."""
    if not home.has("stripe.subscription_history"):
        return None
    limit = home.rules.limits.get(home.line.at(d).plan, {}).get(name)
    if limit is None:
        return None
    if name == "members":
        return len(windows.members_at(home, d)), limit
    if name == "photos":
        return (windows.photos_ever(home, d), limit) if home.has("product.events") else None
    if not home.has("app.tasks"):
        return None
    return tasks_in_use(growth, d, home.rules.whole("due_soon_days")), limit


def _is_near(name: str, home: Home, growth: Growth, d: int) -> bool:
    found = usage(name, home, growth, d)
    shares = home.rules.variables["near_limit_shares"]
    return found is not None and F(found[0]) / found[1] > F(str(shares[NEAR[name]]))


def _storage(home: Home, growth: Growth, d: int) -> bool:
    uploads = windows.count_events(home, "photo_upload", d, 30)
    hits = sum(
        within(hit.day, d, 30) and hit.feature == home.rules.variables["photo_feature"] for hit in growth.hits
    )
    return _is_near("photos", home, growth, d) and uploads + hits > 0


def _is_on(plan: str, home: Home, d: int) -> bool:
    return home.has("stripe.subscription_history") and home.line.at(d).plan == plan


def _is_free(home: Home, d: int) -> bool:
    return _is_on(home.rules.plans[0], home, d)


def _feature_upgrade(home: Home, growth: Growth, d: int) -> bool:
    higher = sum(len(windows.features_used(home, d, 30, tier)) for tier in TIERS)
    busy = windows.tasks_done(home, d, 30) >= home.rules.whole("busy_tasks_30")
    return _is_free(home, d) and busy and higher < home.rules.whole("few_features_30")


def _tier_upgrade(home: Home, growth: Growth, d: int) -> bool:
    if not _is_free(home, d) or d - home.signup < home.rules.whole("tier_upgrade_days"):
        return False
    done = [windows.tasks_done(home, d - 30 * back, 30) for back in range(4)]
    return all(later > earlier for later, earlier in pairwise(done))


def has_many_hits(home: Home, growth: Growth, d: int) -> bool:
    """Return whether many limits were hit in 30 days."""
    return sum(within(hit.day, d, 30) for hit in growth.hits) > home.rules.whole("many_limit_hits_30")


def team_grew(home: Home, d: int) -> bool:
    """Return whether there are so many more members than 90 days ago; growth from nobody is none."""
    now, before = (len(windows.members_at(home, day)) for day in (d, d - 90))
    return before > 0 and F(now, before) >= home.rules.exact("team_growth_ratio")


def _add_seats(home: Home, growth: Growth, d: int) -> bool:
    seats = home.line.at(d).seats
    if not _is_on(home.rules.plans[-1], home, d) or seats is None:
        return False
    return team_grew(home, d) and len(windows.members_at(home, d)) > seats


Condition = Callable[[Home, Growth, int], bool]
TYPES: dict[str, Condition] = {
    "user_expansion": lambda home, growth, d: _is_near("members", home, growth, d),
    "storage_expansion": _storage,
    "task_expansion": lambda home, growth, d: _is_near("recurring_tasks", home, growth, d),
    "feature_upgrade": _feature_upgrade,
    "tier_upgrade": _tier_upgrade,
    "add_features": has_many_hits,
    "add_seats": _add_seats,
}
LIMITS = {
    "user_expansion": "members",
    "storage_expansion": "photos",
    "task_expansion": "recurring_tasks",
}


def holds(kind: str, home: Home, growth: Growth, d: int) -> bool:
    """Return whether the condition of a type holds for a customer at d."""
    return home.is_customer(d) and TYPES[kind](home, growth, d)


def is_won_by_seats(kind: str, rules: Rules) -> bool:
    """Return whether seats that are added win an opportunity of a type; a plan wins the others."""
    rows = rules.rows("growth/opportunity_types")
    return next(row["won_by"] for row in rows if row["opportunity_type"] == kind) == "seats"


def wins(kind: str, line: Timeline, rules: Rules) -> Iterator[int]:
    """Yield the days of the events that win an opportunity of a type."""
    by_seats = is_won_by_seats(kind, rules)
    for day, before, after in line.changes():
        change = change_type(before, after, rules)
        if change == "seats_added" if by_seats else plan_rises(before, after, rules):
            yield day


def plan_rises(before: State, after: State, rules: Rules) -> bool:
    """Return whether a change is a paying upgrade, or the end of a trial that is paid for."""
    return change_type(before, after, rules) == "trial_converted" or plan_move(before, after, rules) > 0


def endings(kind: str, home: Home) -> list[tuple[int, str]]:
    """List the days on which an open opportunity of a type is won or lost; won comes first."""
    rules = home.rules
    found = [(day, "won") for day in wins(kind, home.line, rules)]
    found += [(day, "lost") for day, *states in home.line.changes() if plan_move(*states, rules) < 0]
    found += [(spell.churned, "lost") for spell in home.spells]
    return sorted(found, key=lambda one: (one[0], one[1] != "won"))


def spells(kind: str, home: Home, growth: Growth, last: int) -> Iterator[Spell]:
    """Yield the opportunities of a type from signup on, as known at the end of day `last`."""
    ends = endings(kind, home)
    first = home.signup + (3 - home.signup) % 7
    opened, unmet = None, 0
    for sunday in range(first, last + 1, 7):
        if opened is not None:
            ended = next((e for e in ends if opened < e[0] <= sunday), None)
            if ended is not None:
                yield Spell(kind, opened, ended[1], ended[0])
                opened = None
        is_met = holds(kind, home, growth, sunday)
        if opened is None:
            opened, unmet = (sunday, 0) if is_met else (None, 0)
            continue
        unmet = 0 if is_met else unmet + 1
        if unmet == home.rules.whole("opportunity_expires_sundays"):
            yield Spell(kind, opened, "expired", sunday)
            opened = None
    if opened is not None:
        ended = next((e for e in ends if opened < e[0] <= last), None)
        yield Spell(kind, opened, ended[1] if ended else "open", ended[0] if ended else None)


def shown_usage(kind: str, home: Home, growth: Growth, d: int) -> tuple[int | None, int | None]:
    """Return usage and limit as an opportunity shows them: that of seats are those paid for."""
    if kind == "add_seats":
        return len(windows.members_at(home, d)), int(home.line.at(d).seats)
    found = usage(LIMITS[kind], home, growth, d) if kind in LIMITS else None
    return (None, None) if found is None else (found[0], int(found[1]))


def cheapest(world: World, d: int) -> dict[str, Fraction]:
    """Return the lowest monthly equivalent at which each plan is in force at d, in the reporting currency."""
    found: dict[str, Fraction] = {}
    for line in world.lines.values():
        for version in line.live_at(d):
            for plan, monthly in version.terms.offers:
                found[plan] = min(monthly, found.get(plan, monthly))
    return found


def next_plan(home: Home, d: int) -> str | None:
    """Return the next plan by rank."""
    plans, present = home.rules.plans, home.line.at(d).plan
    place = plans.index(present) + 1 if present in plans else len(plans)
    return plans[place] if place < len(plans) else None


def estimated_value(kind: str, home: Home, d: int, prices: dict[str, Fraction]) -> Fraction | None:
    """Return what it would add to MRR; None where that is unknown or nothing."""
    state, members = home.line.at(d), len(windows.members_at(home, d))
    if state.mrr is None:
        return None
    mrr = F(state.mrr)
    if is_won_by_seats(kind, home.rules):
        value = mrr / state.seats * (members - state.seats) if state.seats else None
    else:
        plan = next_plan(home, d)
        price = prices.get(plan)
        per_seat = {
            row["plan_type"] for row in home.rules.rows("growth/plan_pricing") if row["is_per_seat"] == "true"
        }
        value = None if price is None else price * (members if plan in per_seat else 1) - mrr
    return value if value is not None and value > 0 else None
