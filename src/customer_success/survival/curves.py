"""Kaplan-Meier curves by group, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

from .config import SurvivalSettings, SurvivalSpec
from .table import Durations, Table, read_durations

CURVE_COLUMNS = ["group", "day", "survival", "ci_low", "ci_high", "at_risk"]


@dataclass(frozen=True)
class Curves:
    """``curves``: a row per group and day on which something happened, from the day observation began on.

    ``log_rank``: one row: statistic, degrees_of_freedom, p_value, n, events, note (why it is undefined).
    """

    curves: pd.DataFrame
    log_rank: pd.DataFrame


def survival_curves(table: Table, spec: SurvivalSpec, settings: SurvivalSettings | None = None) -> Curves:
    """Estimate survival by ``spec.group``, with exponential Greenwood intervals (as lifelines), which are
    undefined where the estimate is 1 or 0.

    Households of unknown group are left out; the note of the log-rank test counts them. ``at_risk`` are the
    households under observation on that day, before its events.

    Raises ValueError where the table cannot be read, or the spec names no group.
    """
    if spec.group is None:
        raise ValueError("curves need spec.group")
    settings = settings or SurvivalSettings()
    data = read_durations(table, spec)
    known = np.array([group is not None for group in data.group], dtype=bool)
    grouped = data.take(known)
    parts = [
        _curve(group, grouped.take(grouped.group == group), settings.confidence)
        for group in sorted(set(grouped.group))
    ]
    curves = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CURVE_COLUMNS)
    return Curves(curves, _log_rank(grouped, int((~known).sum())))


def _curve(group: str, data: Durations, confidence: float) -> pd.DataFrame:
    entry = data.entry if data.entry.any() else None
    fitter = KaplanMeierFitter(alpha=1 - confidence)
    with np.errstate(all="ignore"):
        fitter.fit(data.duration, data.event, entry=entry)
    survival = fitter.survival_function_.to_numpy()
    # If no household has left yet, or all have, the formula gives an interval of width zero: it is unknown.
    limits = np.where((survival > 0) & (survival < 1), fitter.confidence_interval_.to_numpy(), np.nan)
    return pd.DataFrame(
        {
            "group": group,
            "day": fitter.survival_function_.index.to_numpy(dtype=float),
            "survival": survival[:, 0],
            "ci_low": limits[:, 0],
            "ci_high": limits[:, 1],
            "at_risk": fitter.event_table["at_risk"].to_numpy(dtype=np.int64),
        }
    )


def _log_rank(data: Durations, unknown: int) -> pd.DataFrame:
    groups = len(set(data.group))
    problem = None
    if groups < 2:
        problem = "undefined: fewer than two groups"
    elif not data.event.any():
        problem = "undefined: no events"
    elif np.ptp(data.entry) > 0:
        problem = "undefined: delayed entry"
    statistic, p_value = float("nan"), float("nan")
    if problem is None:
        with np.errstate(all="ignore"):
            test = multivariate_logrank_test(data.duration, data.group, data.event)
        statistic, p_value = float(test.test_statistic), float(test.p_value)
    left_out = f"{unknown} households of unknown group left out" if unknown else None
    row = {
        "statistic": statistic,
        "degrees_of_freedom": max(groups - 1, 0),
        "p_value": p_value,
        "n": len(data),
        "events": int(data.event.sum()),
        "note": "; ".join(filter(None, [problem, left_out])) or None,
    }
    return pd.DataFrame([row])
