"""Spells of churn, found day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .billing import ZERO, Timeline
from .rules import Rules
from .sifting import Staged
from .values import FAR, day_number, stamps


@dataclass(frozen=True)
class Spell:
    """A maximal run of churned days of one household."""

    household_id: str
    number: int
    churned: int
    reactivated: int | None
    left: int
    kind: str
    was_paying: bool
    mrr_lost: object
    plan_before: str


def churned_days(
    signup: int, as_of: int, closed_day: int, active: set[int] | None, line: Timeline, rules: Rules
) -> np.ndarray:
    """Return for each day from signup to as_of whether the household is churned at its end.

    Without events or members (``active`` None) silence is unknown: it churns where a paid subscription ends.
    """
    days = np.arange(signup, as_of + 1)
    in_force = np.array([line.at(day).in_force for day in days], dtype=bool)
    closed = days >= closed_day
    churned = np.zeros(len(days), dtype=bool)
    if active is None:
        for position in range(1, len(days)):
            ended = in_force[position - 1] and payment_end(line, days[position], rules.lapse_days) is not None
            churned[position] = closed[position] or (
                not in_force[position] and (ended or churned[position - 1])
            )
    else:
        was_active = np.array([day in active or day == signup for day in days], dtype=bool)
        for position in range(1, len(days)):  # the day of signup itself is never churned
            window = was_active[max(0, position - rules.silent_days + 1) : position + 1]
            churned[position] = closed[position] or not (window.any() or in_force[position])
    if closed_day <= signup:
        churned[:] = False  # never was a customer
    return churned


def payment_end(line: Timeline, day: int, lapse_days: int) -> int | None:
    """Find the latest day, so many days back at most, on which the household no longer paid."""
    for ended in range(day, day - lapse_days - 1, -1):
        if line.at(ended - 1).paying and not line.at(ended).paying:
            return int(ended)
    return None


def spells_of(
    home: str,
    signup: int,
    closed_day: int,
    active: set[int] | None,
    line: Timeline,
    staged: Staged,
) -> list[Spell]:
    """Find the spells of one household and describe each."""
    rules = staged.rules
    churned = churned_days(signup, staged.as_of, closed_day, active, line, rules)
    spells: list[Spell] = []
    position = 0
    while position < len(churned):
        if not churned[position]:
            position += 1
            continue
        last = position
        while last + 1 < len(churned) and churned[last + 1]:
            last += 1
        day = signup + position
        back = signup + last + 1 if last + 1 < len(churned) else None
        kind, left = _leaving(day, signup, closed_day, active, line, rules.lapse_days)
        paid = [
            line.at(d) for d in range(day - 1, day - rules.paying_lookback_days - 1, -1) if line.at(d).paying
        ]
        spells.append(
            Spell(
                household_id=home,
                number=len(spells) + 1,
                churned=day,
                reactivated=back,
                left=left,
                kind=kind,
                was_paying=bool(paid),
                mrr_lost=paid[0].mrr if paid else ZERO,
                plan_before=paid[0].plan if paid else "Free",
            )
        )
        position = last + 1
    return spells


def _leaving(
    day: int, signup: int, closed_day: int, active: set[int] | None, line: Timeline, lapse_days: int
) -> tuple[str, int]:
    """Return how the household left, and the actual day of leaving."""
    if closed_day == day:
        return "closed", day
    last_active = max((d for d in active or () if signup <= d <= day), default=signup)
    ended = payment_end(line, day, lapse_days)
    return ("dark", last_active) if ended is None else ("lapsed", max(ended, last_active))


def all_spells(staged: Staged, daily: pd.DataFrame, lines: dict[str, Timeline]) -> dict[str, list[Spell]]:
    """Find the spells of every household."""
    active: dict[str, set[int]] = {}
    for home, day in zip(daily["household_id"], daily["event_day"], strict=True):
        active.setdefault(home, set()).add(day)
    households = staged["app.households"]
    out = {}
    for home, created, closed in zip(
        households["id"], households["created_at"], households["closed_at"], strict=True
    ):
        signup = min(day_number(created), lines[home].first_day)
        closed_day = FAR if pd.isna(closed) else day_number(closed)
        days = active.get(home, set()) if staged.has("product.events") else None
        out[home] = spells_of(home, signup, closed_day, days, lines[home], staged)
    return out


def churn_events(staged: Staged, spells: dict[str, list[Spell]]) -> pd.DataFrame:
    """Build fct_churn_events."""
    every = [spell for home in spells for spell in spells[home]]
    known = staged.has("stripe.subscription_history", "stripe.customer")
    return pd.DataFrame(
        {
            "household_id": [s.household_id for s in every],
            "churn_number": [s.number for s in every],
            "left_at": stamps([s.left for s in every]),
            "churned_at": stamps([s.churned for s in every]),
            "churn_type": [s.kind for s in every],
            "was_paying_90d_before": [s.was_paying if known else None for s in every],
            "mrr_lost": [s.mrr_lost if known else None for s in every],
            "plan_before": [s.plan_before if known else None for s in every],
            "reactivated_at": stamps([s.reactivated for s in every]),
        }
    )
