"""The rules of churn recomputed: risk score, signals, risk factors, severity.

Bounds and points are typed by hand from the specification. All sources must be present.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from . import billing_tables, facts, scorecards, values, windows
from .billing import State
from .facts import Home, World, within

F = Fraction
Number = int | Fraction | None
SEGMENTS = ((70, "High Risk"), (40, "Medium Risk"), (20, "Low Risk"), (0, "Healthy"))
TOP_TENTH = F("0.9")
SEVERITIES = ("low", "medium", "high", "critical")


# ------------------------------------------------------------------------- facts about a day


def last_active(home: Home, d: int) -> int:
    """Find the last day on which a member was active; the day of signup counts as one."""
    return max([home.signup, *(event.day for event in home.events_in(d, d - home.signup))])


def days_since_activity(home: Home, d: int) -> int:
    """Count the days since the last activity."""
    return d - last_active(home, d)


def failed_charges(home: Home, d: int, days: int) -> int:
    """Count the charges of the window that failed."""
    return sum(status == "failed" and within(day, d, days) for day, status in home.charges)


def subscription_changes(home: Home, d: int, days: int) -> Iterator[tuple[str, State, State]]:
    """List the changes of the window by their type, with what was before and after."""
    for day, before, after in home.line.changes():
        if within(day, d, days):
            kind = billing_tables.change_type(before, after, home.rules)
            if kind is not None:
                yield kind, before, after


def downgrades(home: Home, d: int, days: int) -> int:
    """Count the changes of the window to a lower plan; a trial that ends is none."""
    rank = home.rules.rank
    return sum(
        "_to_" in kind and rank(after.plan) < rank(before.plan)
        for kind, before, after in subscription_changes(home, d, days)
    )


def cancellations(home: Home, d: int) -> int:
    """Count the cancellations asked for in 30 days, and one that is scheduled."""
    main = home.line.at(d).main
    scheduled = main is not None and main.leaving
    return windows.count_events(home, "cancellation_requested", d, 30) + scheduled


def critical_open(home: Home, d: int) -> list[facts.Ticket]:
    """List the critical tickets that are unsolved at d."""
    known = windows.tickets_by(home, d)
    states = windows.states_of(home, known, d)
    return [t for t, state in zip(known, states, strict=True) if state.is_critical and state.is_open]


def champions_left(home: Home, d: int) -> int:
    """Count the champions who left in 90 days."""
    return sum(c.role == "champion" and within(c.left, d, 90) for c in home.contacts)


def drop(now: Number, before: Number) -> Fraction | None:
    """Return the share by which a number fell; unknown if it was 0."""
    return F(before - now) / F(before) if before else None


def events_drop(home: Home, d: int) -> Fraction | None:
    """By how much the events of 30 days fell; unknown for a young household."""
    if d - home.signup < home.rules.young_days:
        return None
    return drop(len(home.events_in(d, 30)), len(home.events_in(d - 30, 30)))


def sentiment(home: Home, d: int) -> Fraction | None:
    """Average the sentiment of the messages of 90 days."""
    return windows.mean(value for day, value, _ in home.sentiments if within(day, d, 90))


# ------------------------------------------------------------------------------ the risk score


def contributions(home: Home, d: int, world: World) -> dict[str, int | None]:
    """Give the points of each rule."""
    score = scorecards.scorecard("guide_v1", home, d, world).overall
    low = None if score is None else 40 if score < 40 else 25 if score < 60 else 10 if score < 80 else 0
    silent = days_since_activity(home, d)
    leaving = 50 if cancellations(home, d) else 25 if downgrades(home, d, 90) else 0
    return {
        "health": low,
        "inactivity": 30 if silent >= 14 else 15 if silent >= 7 else 0,
        "tickets": min(5 * len(windows.tickets_created(home, d, 30)), 15),
        "critical_tickets": 10 * len(critical_open(home, d)),
        "failed_charges": 10 * failed_charges(home, d, 90),
        "leaving": leaving,
    }


def risk_score(home: Home, d: int, world: World) -> int:
    """Add up the points, to 100 at most."""
    return min(100, sum(points or 0 for points in contributions(home, d, world).values()))


def churn_risk(home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_churn_risk; None for a household that is no customer."""
    if not home.is_customer(d):
        return None
    score = risk_score(home, d, world)
    row = {
        "is_current": d == world.as_of,
        "churn_risk_score": score,
        "churn_risk_segment": next(name for bound, name in SEGMENTS if score >= bound),
    }
    return row | {f"{name}_points": value for name, value in contributions(home, d, world).items()}


# --------------------------------------------------------------------------------- the signals


class Signal(NamedTuple):
    """A signal: its values, and whether it holds."""

    severity: str
    value: Number
    threshold: Fraction
    holds: bool


def over(severity: str, value: Number, bound: Fraction | int) -> Signal:
    """Holds where a known value is larger."""
    return Signal(severity, value, F(bound), value is not None and value > bound)


def under(severity: str, value: Number, bound: int) -> Signal:
    """Holds where a known value is smaller."""
    return Signal(severity, value, F(bound), value is not None and value < bound)


def some(severity: str, value: Number, least: int = 1) -> Signal:
    """Holds where the count is reached."""
    return Signal(severity, value, F(least), value >= least)


def all_signals(home: Home, d: int, world: World) -> dict[str, Signal]:
    """Compute every signal, those that do not hold too."""
    silent, nps = windows.days_since_login(home, d), windows.latest_nps(home, d)
    actives = [windows.daily_actives(home, day, 14) for day in (d, d - 14)]
    tasks = [windows.tasks_done(home, day, 14) for day in (d, d - 14)]
    recent = windows.tickets_created(home, d, 90)
    rivals = sum(state.names_competitor for state in windows.states_of(home, recent, d))
    end = values.stamp(d + 1)
    late = sum(end - ticket.created > pd.Timedelta(hours=48) for ticket in critical_open(home, d))
    found = {
        "no_login_7_days": over("medium", silent, 7),
        "no_login_14_days": over("high", silent, 14),
        "usage_drop_50": over("high", events_drop(home, d), F("0.5")),
        "dau_drop_50": over("high", drop(*actives), F("0.5")),
        "tasks_drop_75": over("high", drop(*tasks), F("0.75")),
        "nps_detractor": Signal("high", nps, F(6), nps is not None and nps <= 6),
        "multiple_open_tickets": some("medium", windows.open_tickets(home, d), 3),
        "tickets_3_in_30_days": some("medium", len(windows.tickets_created(home, d, 30)), 3),
        "critical_unresolved_48h": some("high", late),
        "low_csat": under("high", windows.csat_given(home, d, 30), 3),
        "failed_payment": some("high", failed_charges(home, d, 30)),
        "downgraded": some("high", downgrades(home, d, 60)),
        "cancellation_requested": some("high", cancellations(home, d)),
        "competitor_mention": some("medium", rivals),
        "champion_left": some("critical", champions_left(home, d)),
    }
    if d != world.as_of:
        return found
    if d - home.signup > 60:
        pets = sum(within(added, d, 60) for _, added, _ in home.pets)
        joined = sum(within(day, d, 60) for _, day, _ in home.members)
        found["no_new_pet_60_days"] = under("low", pets, 1)
        found["no_new_member_60_days"] = under("low", joined, 1)
    if d - home.signup > 90:
        new = len(windows.features_first_used(home, d, 90))
        found["no_new_feature_90_days"] = under("low", new, 1)
    return found


def signals(home: Home, d: int, world: World) -> dict[str, dict]:
    """List the rows of fct_churn_signals by signal."""
    if not home.is_customer(d):
        return {}
    return {
        name: {"severity": signal.severity, "value": signal.value, "threshold": signal.threshold}
        for name, signal in all_signals(home, d, world).items()
        if signal.holds
    }


# ------------------------------------------------------------------------------ predictions, v2


def risk_factors(home: Home, d: int) -> dict[str, dict]:
    """List the risk factors; the largest impact first."""
    silent, fall, mood = windows.days_since_login(home, d), events_drop(home, d), sentiment(home, d)
    rules = (
        ("champion_left", champions_left(home, d) > 0, "critical", "0.40"),
        ("usage_down", fall is not None and fall > F("0.3"), "high", "0.35"),
        ("no_login", silent is not None and silent > 14, "high", "0.30"),
        ("failed_payments", failed_charges(home, d, 90) > 0, "high", "0.25"),
        ("negative_sentiment", mood is not None and mood < F("-0.5"), "medium", "0.20"),
    )
    return {
        name: {"severity": severity, "impact": F(impact)} for name, holds, severity, impact in rules if holds
    }


def mrr_percentile(home: Home, d: int, world: World) -> Fraction | None:
    """Rank the MRR among paying households; None for a single one."""
    now, everyone = home.line.at(d), world.mrr_of_paying(d)
    if not now.paying or now.mrr is None or len(everyone) < 2:
        return None
    return F(bisect_left(everyone, now.mrr), len(everyone) - 1)


def severity(probability: float, percentile: Fraction | None) -> str:
    """Grade a probability; one level up for the top tenth of MRR."""
    level = (probability > 0.4) + (probability > 0.6) + (probability > 0.8)
    if percentile is not None and percentile >= TOP_TENTH:
        level = min(level + 1, 3)
    return SEVERITIES[level]
