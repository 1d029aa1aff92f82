"""The rules of the seeds on churn, findings and profiles, and whether one holds for a household."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

from customer_success.recount.households import churn_risk, scorecards, values, windows
from customer_success.recount.households.facts import Home, World, within
from customer_success.recount.households.metrics import value_of
from customer_success.recount.households.seeds import SEEDS, rows_of

F = Fraction
Value = int | Fraction | None
COMPARES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
LATE = values.pd.Timedelta(hours=48)


@cache
def seed(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a seed of rules (``area/name``), by their order where they have one."""
    rows = rows_of(SEEDS / f"{name}.csv")
    return tuple(sorted(rows, key=lambda row: int(row.get("rule_order") or 0)))


def holds(rule: Mapping[str, str], value: Value, home: Home, d: int, bound: str = "bound") -> bool:
    """Return whether a known value meets the rule's bound, for a household that is old enough for it."""
    if value is None or not COMPARES[rule["operator"]](value, F(rule[bound])):
        return False
    return not rule.get("older_than_days") or d - home.signup > int(rule["older_than_days"])


def metric(name: str, home: Home, d: int, world: World) -> Value:
    """Return a metric of the seeds on churn; unknown where a raw table that it needs is absent.

    Raises KeyError for a name that no definition knows.
    """
    key = ("churn metric", name, d)
    if key not in home.memory:
        count, *needs = METRICS.get(name, (None,))
        if count is None:
            home.memory[key] = value_of(name, home, d, world)
        else:
            home.memory[key] = count(home, d, world) if home.has(*needs) else None
    return home.memory[key]


def _events_drop(home: Home, d: int, world: World) -> Value:
    return churn_risk.drop(len(home.events_in(d, 30)), len(home.events_in(d - 30, 30)))


def _two_weeks(count: Callable[[Home, int, int], int]) -> Callable[[Home, int, World], Value]:
    return lambda home, d, world: churn_risk.drop(count(home, d, 14), count(home, d - 14, 14))


def _late_critical(home: Home, d: int, world: World) -> Value:
    end = values.stamp(d + 1)
    return sum(end - ticket.created > LATE for ticket in churn_risk.critical_open(home, d))


def _rivals(home: Home, d: int, world: World) -> Value:
    return sum(t.names_competitor for t in windows.states_of(home, windows.tickets_created(home, d, 90), d))


def _cancellations(home: Home, d: int, world: World) -> Value:
    """Cancellations asked for or scheduled; unknown where a source is absent and the other has none."""
    known = home.has(EVENTS, SUBSCRIPTIONS)
    count = churn_risk.cancellations(home, d)
    return count if count or known else None


def _leaving(home: Home, d: int, world: World) -> Value:
    """Return 2 for a cancellation, 1 for a downgrade, which counts only without one, else 0."""
    if _cancellations(home, d, world):
        return 2
    if not home.has(SUBSCRIPTIONS):
        return None
    if churn_risk.downgrades(home, d, 90):
        return 1
    return 0 if home.has(EVENTS) else None


EVENTS, SUBSCRIPTIONS, CHARGES = "product.events", "stripe.subscription_history", "stripe.charge"
TICKETS = "zendesk.ticket"
# The function of a metric, and the raw tables that it needs.
METRICS: dict[str, tuple] = {
    "guide_score": (lambda home, d, world: scorecards.scorecard("guide_v1", home, d, world).overall,),
    "days_since_last_activity": (lambda home, d, world: churn_risk.days_since_activity(home, d), EVENTS),
    "failed_charges_30": (
        lambda home, d, world: churn_risk.failed_charges(home, d, 30),
        SUBSCRIPTIONS,
        CHARGES,
    ),
    "failed_charges_90": (
        lambda home, d, world: churn_risk.failed_charges(home, d, 90),
        SUBSCRIPTIONS,
        CHARGES,
    ),
    "leaving_step": (_leaving,),
    "events_drop": (_events_drop, EVENTS),
    "daily_actives_drop": (_two_weeks(windows.daily_actives), EVENTS),
    "tasks_drop": (_two_weeks(windows.tasks_done), EVENTS),
    "critical_tickets_over_48h": (_late_critical, TICKETS),
    "mean_csat_30": (lambda home, d, world: windows.csat_given(home, d, 30),),
    "downgrades_60": (lambda home, d, world: churn_risk.downgrades(home, d, 60), SUBSCRIPTIONS),
    "cancellations_30": (_cancellations,),
    "competitor_tickets_90": (_rivals, TICKETS),
    "champions_left_90": (lambda home, d, world: churn_risk.champions_left(home, d), "hubspot.contact"),
    "pets_added_60": (
        lambda home, d, world: sum(within(added, d, 60) for _, added, _ in home.pets),
        "app.pets",
    ),
    "members_joined_60": (
        lambda home, d, world: sum(within(day, d, 60) for _, day, _ in home.members),
        "app.household_members",
    ),
    "mean_sentiment_90": (lambda home, d, world: churn_risk.sentiment(home, d),),
}
