"""The lifecycle of households: a state machine with nine stages that takes one step a Sunday.

The rules are those of `docs/journeys.md`, numbered there. Everything is vectorised over households; a loop
runs over Sundays alone, because each step begins where the last one ended. An unknown value (NaN) never makes
a rule hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

STAGES = (
    "trial",
    "onboarding",
    "adopting",
    "growing",
    "renewing",
    "expanding",
    "advocating",
    "at_risk",
    "churned",
)
(TRIAL, ONBOARDING, ADOPTING, GROWING, RENEWING, EXPANDING, ADVOCATING, AT_RISK, CHURNED) = range(9)
NONE = -1
OVERRIDE = 0  # the number of the rule of an override


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bounds of the rules (seed lifecycle_thresholds): points, days, tickets, or shares of an onboarding."""

    at_risk_health: float
    at_risk_login_days: float
    at_risk_tickets: float
    at_risk_nps: float
    onboarding_progress: float
    onboarding_days: float
    onboarding_least_progress: float
    growing_health: float
    growing_days: float
    renewing_days: float
    advocating_nps: float
    advocating_health: float
    advocating_health_left: float
    recovered_health: float


@dataclass(slots=True)
class Week:
    """The customers of one day, one entry each; unknown numbers are NaN.

    ``household``: whole numbers below the number of households. ``period``: the day (days since 1970) from
    which the household has been a customer without a break. ``is_return``: whether that is a return.
    ``override``: a stage's number, or NONE. ``renewal_days``: days to the renewal, NaN without one ahead.
    """

    day: int
    household: np.ndarray
    period: np.ndarray
    is_return: np.ndarray
    days_since_signup: np.ndarray
    health: np.ndarray
    login_days: np.ndarray
    tickets: np.ndarray
    nps: np.ndarray
    is_trialing: np.ndarray
    progress: np.ndarray
    renewal_days: np.ndarray
    opportunities: np.ndarray
    override: np.ndarray


@dataclass(slots=True)
class Step:
    """Where each customer of a week is after it, and the rule, value and threshold that brought it there.

    ``by_risk``: whether a household at risk came there by rule 4 or an override.
    """

    stage: np.ndarray
    by_risk: np.ndarray
    rule: np.ndarray
    value: np.ndarray
    threshold: np.ndarray
    _open: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self._open = np.ones(len(self.stage), dtype=bool)

    def go(self, rule: int, holds: np.ndarray, to: int | np.ndarray, value=np.nan, threshold=np.nan) -> None:
        """Apply a rule to the households that no earlier rule has moved."""
        at = holds & self._open
        self._open &= ~at
        self.rule[at] = rule
        for column, given in ((self.stage, to), (self.value, value), (self.threshold, threshold)):
            column[at] = given[at] if isinstance(given, np.ndarray) else given


def risks(week: Week, bounds: Thresholds) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Return the conditions of rule 4 in their order: whether each holds, its value and its threshold."""
    with np.errstate(invalid="ignore"):
        return [
            (week.health < bounds.at_risk_health, week.health, bounds.at_risk_health),
            (week.login_days > bounds.at_risk_login_days, week.login_days, bounds.at_risk_login_days),
            (week.tickets > bounds.at_risk_tickets, week.tickets, bounds.at_risk_tickets),
            (week.nps <= bounds.at_risk_nps, week.nps, bounds.at_risk_nps),
        ]


def begin(week: Week, bounds: Thresholds, is_truncated: np.ndarray) -> Step:
    """The first day of a household in a period: rules 2 and 3, or tenure where the beginning is unknown."""
    step = unmoved(
        np.full(len(week.household), NONE, dtype=np.int8), np.zeros(len(week.household), dtype=bool)
    )
    tenure = week.days_since_signup
    by_tenure = np.where(
        tenure <= bounds.onboarding_days,
        ONBOARDING,
        np.where(tenure <= bounds.growing_days, ADOPTING, GROWING),
    )
    step.go(NONE, is_truncated, by_tenure.astype(np.int8))
    step.go(3, week.is_return, ONBOARDING)
    step.go(2, week.is_trialing, TRIAL)
    step.go(2, ~week.is_trialing, ONBOARDING)
    return step


def advance(stage: np.ndarray, by_risk: np.ndarray, week: Week, bounds: Thresholds) -> Step:
    """One step of customers that have been in a stage before: rules 4 to 15, the first that holds."""
    step = unmoved(stage, by_risk)
    at_risk = np.zeros(len(stage), dtype=bool)
    for holds, value, threshold in risks(week, bounds):
        step.go(4, holds, AT_RISK, value, threshold)
        at_risk |= holds
    _leave_first_stages(step, stage, week, bounds)
    _around_growing(step, stage, week, bounds)
    half = week.progress >= bounds.onboarding_least_progress
    recovered = (week.health >= bounds.recovered_health) & ~at_risk & (by_risk | half)
    home = np.where(week.days_since_signup > bounds.growing_days, GROWING, ADOPTING).astype(np.int8)
    step.go(15, (stage == AT_RISK) & recovered, home, week.health, bounds.recovered_health)
    # Of a household that is at risk already, by_risk stays as it was.
    entered = (step.stage == AT_RISK) & (stage != AT_RISK)
    step.by_risk = np.where(entered, step.rule == 4, by_risk & (step.stage == AT_RISK))
    return step


def _leave_first_stages(step: Step, stage: np.ndarray, week: Week, bounds: Thresholds) -> None:
    """Rules 5 to 8."""
    step.go(5, (stage == TRIAL) & ~week.is_trialing, ONBOARDING)
    late = week.day - week.period > bounds.onboarding_days
    onboarding = stage == ONBOARDING
    for holds, threshold in (
        (week.progress >= bounds.onboarding_progress, bounds.onboarding_progress),
        (late & (week.progress >= bounds.onboarding_least_progress), bounds.onboarding_least_progress),
    ):
        step.go(6, onboarding & holds, ADOPTING, week.progress, threshold)
    least = bounds.onboarding_least_progress
    step.go(7, onboarding & late & (week.progress < least), AT_RISK, week.progress, least)
    ready = (week.health >= bounds.growing_health) & (week.days_since_signup > bounds.growing_days)
    step.go(8, (stage == ADOPTING) & ready, GROWING, week.health, bounds.growing_health)


def _around_growing(step: Step, stage: np.ndarray, week: Week, bounds: Thresholds) -> None:
    """Rules 9 to 14."""
    growing, days, health, nps = stage == GROWING, week.renewal_days, week.health, week.nps
    step.go(9, growing & (days <= bounds.renewing_days), RENEWING, days, bounds.renewing_days)
    step.go(10, growing & (week.opportunities >= 1), EXPANDING, week.opportunities, 1)
    advocates = (nps >= bounds.advocating_nps) & (health >= bounds.advocating_health)
    step.go(11, growing & advocates, ADVOCATING, nps, bounds.advocating_nps)
    over = np.isnan(days) | (days > bounds.renewing_days)
    step.go(12, (stage == RENEWING) & over, GROWING, days, bounds.renewing_days)
    step.go(13, (stage == EXPANDING) & (week.opportunities < 1), GROWING, week.opportunities, 1)
    left = bounds.advocating_health_left
    step.go(14, (stage == ADVOCATING) & (health < left), GROWING, health, left)
    step.go(14, (stage == ADVOCATING) & (nps < bounds.advocating_nps), GROWING, nps, bounds.advocating_nps)


def unmoved(stage: np.ndarray, by_risk: np.ndarray) -> Step:
    """A step that has moved nobody yet."""
    n = len(stage)
    return Step(
        stage.copy(), by_risk.copy(), np.full(n, NONE, dtype=np.int8), np.full(n, np.nan), np.full(n, np.nan)
    )
