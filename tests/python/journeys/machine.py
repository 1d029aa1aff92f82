"""The lifecycle machine said a second time, one household and Sunday at a time, and weeks to run it on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from customer_success.journeys import STAGES, Thresholds, Week, thresholds_of

RULES = Path(__file__).parents[3] / "seeds" / "rules" / "journeys" / "lifecycle_thresholds.csv"
BOUNDS: Thresholds = thresholds_of(pd.read_csv(RULES))
SUNDAY = 20_454  # 2026-01-01 is day 20454 since 1970; the days of these tests need no calendar

QUIET = {
    "days_since_signup": 200,
    "days_in_period": 200,
    "health": 65.0,
    "login_days": 1.0,
    "tickets": 0.0,
    "nps": None,
    "is_trialing": False,
    "progress": 1.0,
    "renewal_days": None,
    "opportunities": 0.0,
    "override": None,
    "is_return": False,
}


def week_of(day: int, customers: dict[int, dict]) -> Week:
    """The customers of a day, by household; what is not given is as in QUIET, None is unknown."""
    rows = [QUIET | one for one in customers.values()]

    def numbers(name: str) -> np.ndarray:
        return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=float)

    names = ("health", "login_days", "tickets", "nps", "progress", "renewal_days", "opportunities")
    return Week(
        day=day,
        household=np.array(list(customers), dtype=np.int64),
        period=np.array([day - row["days_in_period"] for row in rows], dtype=np.int64),
        is_return=np.array([row["is_return"] for row in rows], dtype=bool),
        days_since_signup=np.array([row["days_since_signup"] for row in rows], dtype=np.int64),
        is_trialing=np.array([row["is_trialing"] for row in rows], dtype=bool),
        override=np.array(
            [-1 if row["override"] is None else STAGES.index(row["override"]) for row in rows], dtype=np.int8
        ),
        **{name: numbers(name) for name in names},
    )


def has_risk(row: dict) -> bool:
    def known(name, holds) -> bool:
        return row[name] is not None and holds(row[name])

    return (
        known("health", lambda value: value < 40)
        or known("login_days", lambda value: value > 14)
        or known("tickets", lambda value: value > 2)
        or known("nps", lambda value: value <= 6)
    )


def first_stage(row: dict, *, is_truncated: bool) -> str:
    """Rules 2 and 3; of a household of whom the beginning is unknown, by tenure."""
    if row["override"]:
        return row["override"]
    if is_truncated:
        tenure = row["days_since_signup"]
        return "onboarding" if tenure <= 30 else "adopting" if tenure <= 90 else "growing"
    if row["is_return"]:
        return "onboarding"
    return "trial" if row["is_trialing"] else "onboarding"


def next_stage(stage: str, by_risk: bool, row: dict) -> tuple[str, int | None]:
    """The stage after a Sunday and the number of the rule, None where none holds; 0 is an override."""

    def at_least(name, bound) -> bool:
        return row[name] is not None and row[name] >= bound

    def below(name, bound) -> bool:
        return row[name] is not None and row[name] < bound

    late = row["days_in_period"] > 30
    old = row["days_since_signup"] > 90
    ahead = row["renewal_days"] is not None and row["renewal_days"] <= 60
    recovered = at_least("health", 60) and (by_risk or at_least("progress", 0.5))
    rules = [
        (0, row["override"] is not None, row["override"]),
        (4, has_risk(row), "at_risk"),
        (5, stage == "trial" and not row["is_trialing"], "onboarding"),
        (
            6,
            stage == "onboarding" and (at_least("progress", 0.8) or (late and at_least("progress", 0.5))),
            "adopting",
        ),
        (7, stage == "onboarding" and late and below("progress", 0.5), "at_risk"),
        (8, stage == "adopting" and at_least("health", 70) and old, "growing"),
        (9, stage == "growing" and ahead, "renewing"),
        (10, stage == "growing" and at_least("opportunities", 1), "expanding"),
        (11, stage == "growing" and at_least("nps", 9) and at_least("health", 80), "advocating"),
        (12, stage == "renewing" and not ahead, "growing"),
        (13, stage == "expanding" and below("opportunities", 1), "growing"),
        (14, stage == "advocating" and (below("health", 70) or below("nps", 9)), "growing"),
        (15, stage == "at_risk" and recovered, "growing" if old else "adopting"),
    ]
    return next(((to, rule) for rule, holds, to in rules if holds), (stage, None))
