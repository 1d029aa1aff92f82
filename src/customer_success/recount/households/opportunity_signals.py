"""The signals of an opportunity and their score; criteria of success plans."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from . import windows
from .facts import Home, World
from .growth_facts import Criterion, Growth
from .metrics import value_of
from .opportunities import LIMITS, TYPES, has_many_hits, team_grew
from .renewals import days_to_renewal
from .rules import Rules
from .scorecards import primary_score

F = Fraction


def weights(rules: Rules) -> dict[str, Fraction]:
    """Return the weight of each signal, in the order of the seed."""
    rows = sorted(rules.rows("growth/opportunity_signals"), key=lambda row: int(row["rule_order"]))
    return {row["signal"]: F(row["weight"]) for row in rows}


def signals(home: Home, growth: Growth, d: int, world: World, engagement: int | None) -> list[str]:
    """Name the signals that hold at d; `engagement` is the score of the last complete month."""
    nps, whole = windows.latest_nps(home, d), home.rules.whole
    found = {
        "approaching_limit": any(TYPES[kind](home, growth, d) for kind in LIMITS),
        "feature_attempts": has_many_hits(home, growth, d),
        "team_growth": team_grew(home, d),
        "success_metrics": any(is_achieved(one, home, d, world) for one in growth.criteria),
        "high_engagement": engagement is not None and engagement > whole("high_engagement_score"),
        "nps_promoter": nps is not None and nps >= whole("promoter_score"),
        "renewal_approaching": renews_soon(home, d),
    }
    return [name for name in weights(home.rules) if found[name]]


def signal_score(names: list[str], rules: Rules) -> Fraction:
    """Return the weight of the signals that hold, as a share of that of all."""
    weight = weights(rules)
    return sum((weight[name] for name in names), F(0)) / sum(weight.values())


def renews_soon(home: Home, d: int) -> bool:
    """Return whether a long contract is renewed soon."""
    left = days_to_renewal(home, d)
    return left is not None and left <= home.rules.whole("renewal_near_days")


MEASURES: dict[str, Callable[[Home, int, World], object]] = {
    "health_score": primary_score,
    "nps": lambda home, d, world: windows.latest_nps(home, d),
    "active_members_30": lambda home, d, world: len(windows.active_members(home, d, 30)),
    "tasks_30": lambda home, d, world: windows.tasks_done(home, d, 30),
    "members": lambda home, d, world: len(windows.members_at(home, d)),
    "mrr": lambda home, d, world: home.line.at(d).mrr,
    "features_used_30": lambda home, d, world: len(windows.features_used(home, d, 30)),
    "tickets_30": lambda home, d, world: len(windows.tickets_created(home, d, 30)),
    "csat_90": lambda home, d, world: windows.csat_given(home, d, 90),
    "care_on_time_rate_30": lambda home, d, world: windows.care_on_time_rate(home, d, 30),
    "mean_resolution_hours_90": lambda home, d, world: value_of("mean_resolution_hours_90", home, d, world),
}


def is_achieved(one: Criterion, home: Home, d: int, world: World) -> bool:
    """Return whether a criterion's target was reached at a score date by then and by its deadline."""
    if one.metric not in MEASURES or one.target is None or one.created > d:
        return False
    measure = MEASURES[one.metric]
    begun = measure(home, one.created, world)
    baseline = one.baseline if begun is None else F(begun)
    if baseline is None or baseline == one.target:
        return False
    until = min(d, one.deadline)
    sundays = range(one.created + (3 - one.created) % 7, until + 1, 7)
    dates = [*sundays, *([world.as_of] if until == world.as_of else [])]
    for day in dates:
        value = measure(home, day, world) if home.is_customer(day) else None
        if value is not None and (F(value) - one.target) * (1 if one.target > baseline else -1) >= 0:
            return True
    return False
