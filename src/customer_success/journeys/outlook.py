"""What a household needs to reach the next stage on the normal way."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from .lifecycle import (
    ADOPTING,
    ADVOCATING,
    AT_RISK,
    EXPANDING,
    GROWING,
    NONE,
    ONBOARDING,
    RENEWING,
    TRIAL,
    Thresholds,
    Week,
    risks,
)

NEXT = {
    TRIAL: ONBOARDING,
    ONBOARDING: ADOPTING,
    ADOPTING: GROWING,
    GROWING: EXPANDING,
    RENEWING: GROWING,
    EXPANDING: GROWING,
    ADVOCATING: GROWING,
}


def outlook(
    week: Week, stage_today: np.ndarray, stage: np.ndarray, by_risk: np.ndarray, bounds: Thresholds
) -> pd.DataFrame:
    """Return stage_today, next_stage (numbers), stage_progress (0-1) and blockers of each household_number.

    ``stage`` and ``by_risk`` are those of all households (`Machine`). ``blockers`` is a JSON list of the
    conditions of the next stage that do not hold, each with its value (null where unknown) and threshold.
    """
    now, came_by_risk = stage[week.household], by_risk[week.household]
    home = np.where(week.days_since_signup > bounds.growing_days, GROWING, ADOPTING)
    following = np.full(len(now), NONE, dtype=np.int8)
    share = np.full(len(now), np.nan)
    blockers = np.full(len(now), "[]", dtype=object)
    for one in (*NEXT, AT_RISK):
        at = np.flatnonzero(now == one)
        following[at] = NEXT.get(one, home[at])
        conditions = [
            (name, holds[at], value[at], threshold[at])
            for name, holds, value, threshold in _conditions(one, week, came_by_risk, bounds)
        ]
        share[at] = np.mean([holds for _, holds, _, _ in conditions], axis=0)
        for row, household in enumerate(at):
            blockers[household] = json.dumps(
                [
                    {"condition": name, "value": _number(value[row]), "threshold": _number(threshold[row])}
                    for name, holds, value, threshold in conditions
                    if not holds[row]
                ]
            )
    return pd.DataFrame(
        {
            "household_number": week.household,
            "stage_today": stage_today,
            "next_stage": following,
            "stage_progress": share,
            "blockers": blockers,
        }
    )


def _conditions(stage: int, week: Week, by_risk: np.ndarray, bounds: Thresholds) -> list[tuple]:
    """The conditions of the stage that follows: name, whether each holds, its value and its threshold."""
    health, least = week.health, bounds.onboarding_least_progress
    if stage == TRIAL:
        return [_condition("is_trialing", ~week.is_trialing, week.is_trialing.astype(float), 0)]
    if stage == ONBOARDING:
        late = week.day - week.period > bounds.onboarding_days
        needed = np.where(late, least, bounds.onboarding_progress)
        return [_condition("onboarding_progress", week.progress >= needed, week.progress, needed)]
    if stage == ADOPTING:
        old = week.days_since_signup > bounds.growing_days
        return [
            _condition("health", health >= bounds.growing_health, health, bounds.growing_health),
            _condition("days_since_signup", old, week.days_since_signup, bounds.growing_days),
        ]
    if stage == GROWING:
        return [_condition("open_opportunities", week.opportunities >= 1, week.opportunities, 1)]
    if stage == RENEWING:
        days = week.renewal_days
        over = np.isnan(days) | (days > bounds.renewing_days)
        return [_condition("days_to_renewal", over, days, bounds.renewing_days)]
    if stage == EXPANDING:
        return [_condition("open_opportunities", week.opportunities < 1, week.opportunities, 1)]
    if stage == ADVOCATING:
        left = (health < bounds.advocating_health_left) | (week.nps < bounds.advocating_nps)
        return [_condition("health", left, health, bounds.advocating_health_left)]
    holding = np.sum([holds for holds, _, _ in risks(week, bounds)], axis=0)
    return [
        _condition("health", health >= bounds.recovered_health, health, bounds.recovered_health),
        _condition("risks", holding == 0, holding, 0),
        _condition("onboarding_progress", by_risk | (week.progress >= least), week.progress, least),
    ]


def _condition(name: str, holds: np.ndarray, value: np.ndarray, threshold) -> tuple:
    return name, holds, value, np.broadcast_to(np.asarray(threshold, dtype=float), holds.shape)


def _number(value: float) -> float | int | None:
    """A number for JSON: whole where it is, null where unknown."""
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), 6)
