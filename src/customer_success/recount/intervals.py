"""Proof that every published interval is the one its method gives, by a second implementation.

Closed forms agree to rounding. The bootstrap of ratios of money is compared with an approximation that draws
nothing (``second_methods.resampled_ratio``), within a tolerance that was measured (`NEAR_END`, `FAR_END`).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from customer_success.publish.gate import Problem
from customer_success.recount.interval_units import (
    ADJUSTED_WALD,
    BASES,
    BOOTSTRAP,
    KEYS,
    PER_DAY,
    PER_DENOMINATOR,
    PER_UNIT,
    TOTAL,
    WILSON,
    T,
    moments,
)  # fmt: skip
from customer_success.recount.intervals_of_models import problems_of_models
from customer_success.recount.second_methods import (
    adjusted_wald,
    carriers,
    resampled_ratio,
    skewness,
    students_t,
    wilson,
)

NAME = "intervals"
FILE = "models/marts/metrics/published_metrics.sql"
ROUNDING = 1e-6  # of the interval's width, or of the value where that is more: sums in another order
RANGES = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}
# How far an end drawn by the bootstrap may lie from the approximation, as a share of the approximation's
# width. The end towards which the resamples are not skewed: NEAR_END. The other one: NEAR_END plus
# FAR_END / sqrt(households that carry the variance): where one household moved, the distribution is a
# staircase, and BCa reads the end from the last one or two of the draws. Measured on the 2,028 published
# intervals of the demo data, drawn with 20 other seeds (40,560 intervals, 400 draws each), largest and 99th
# percentile: near end .152 and .08; far end .51 and .35 (up to 2.5 households), .31 and .19 (to 5), .13 and
# .11 (above 20).
NEAR_END, FAR_END = 0.20, 0.55
MEASURED_REPLICATES = 400  # with fewer, draws scatter more
# Noise of single intervals cancels over a metric's rows: the median of width / approximate width, measured as
# .936 to .990 over the same seeds, where at least two households carry the variance.
MEDIAN_WIDTH = (0.85, 1.1)
MEDIAN_SHIFT = 0.07  # of the middle, as a share of the width; measured as -.039 to .032
ROWS_FOR_MEDIAN, CARRIERS_FOR_MEDIAN = 30, 2.0


def prove_intervals(candidate) -> list[Problem]:
    """Recompute all published intervals; one problem per metric and finding, with a first row of it."""
    with duckdb.connect(str(candidate.places.database), read_only=True) as connection:
        published = connection.sql(
            "select p.*, d.unit, d.ci_method as agreed_method from analytics.published_metrics as p"
            " left join analytics.dim_metrics as d using (metric)"
        ).df()
        units = moments(connection)
        found = problems_of_models(connection)
    replicates = int(str(candidate.variables.get("metric_replicates", MEASURED_REPLICATES)))
    return [*problems(published, units, replicates), *found]


def problems(published: pd.DataFrame, units: pd.DataFrame, replicates: int) -> list[Problem]:
    """Compare published rows with the moments of their units (``interval_units.moments``)."""
    rows = published.merge(units, on=KEYS, how="left", suffixes=("", "_of_units"))
    numbers = ["numerator", "denominator", "sample_size", "value", "ci_low", "ci_high"]
    rows = rows.astype(dict.fromkeys(numbers, "float64"))
    found = []
    for metric, of_metric in rows.groupby("metric", sort=True):
        if metric not in BASES:
            found.append(
                _problem(
                    f"{metric} is published, and its interval has no second implementation:"
                    " add it to BASES in src/customer_success/recount/interval_units.py."
                )
            )
            continue
        wrong = of_metric["ci_method"].ne(BASES[metric].method) | of_metric["agreed_method"].ne(
            BASES[metric].method
        )
        found += _reported(of_metric[wrong], "has another method than the metric's", "ci_method")
        found += _of_metric(metric, of_metric.reset_index(drop=True), replicates)
    return found


def _of_metric(metric: str, rows: pd.DataFrame, replicates: int) -> list[Problem]:
    known = rows[["value", "ci_low", "ci_high"]].notna().all(axis=1)
    found = _reported(rows[~known], "is published without a value or an interval")
    rows = rows[known].reset_index(drop=True)
    slack = ROUNDING * np.maximum(rows["ci_high"] - rows["ci_low"], 1e-9)
    low, high = RANGES.get(str(rows["unit"].iloc[0]) if len(rows) else "", (-np.inf, np.inf))
    outside = (rows["value"] < rows["ci_low"] - slack) | (rows["value"] > rows["ci_high"] + slack)
    found += _reported(rows[outside], "lies outside its own interval")
    beyond = (rows["ci_low"] < low - slack) | (rows["ci_high"] > high + slack)
    found += _reported(rows[beyond], f"has an interval outside the possible range ({low:g} to {high:g})")
    differs = _differs_from_units(metric, rows)
    found += _reported(rows[differs], "is not the sum of its units", "total_y")
    rows = rows[~differs].reset_index(drop=True)
    return found + (_differs_from_second(metric, rows, replicates) if len(rows) else [])


def _differs_from_units(metric: str, rows: pd.DataFrame) -> pd.Series:
    """Rows whose numerator, denominator, sample or value is not that of the units of the interval."""
    basis = BASES[metric]
    scale = 100 if basis.method == ADJUSTED_WALD else 1
    divisor = rows["denominator"].fillna(1.0)
    off = _differs(rows["value"], scale * rows["numerator"] / divisor)
    if basis.divisor is None:
        return off | _differs(rows["denominator"], rows["sample_size"])
    off |= _differs(rows["numerator"], rows["total_y"])
    if basis.method != BOOTSTRAP:
        off |= _differs(rows["sample_size"], rows["units"])
    days = (pd.to_datetime(rows["period_end"]) - pd.to_datetime(rows["period_start"])).dt.days + 1.0
    expected = {PER_UNIT: rows["units"], PER_DAY: days, PER_DENOMINATOR: rows["total_x"]}
    if basis.divisor == TOTAL:
        return off | rows["denominator"].notna()
    return off | _differs(rows["denominator"], expected[basis.divisor])


def _differs(one: pd.Series, other: pd.Series) -> pd.Series:
    return ~np.isclose(one.astype(float), other.astype(float), rtol=1e-7, atol=1e-9)


def _differs_from_second(metric: str, rows: pd.DataFrame, replicates: int) -> list[Problem]:
    """Rows whose ends are not those of the second method."""
    method = BASES[metric].method
    low, high = second_ends(metric, rows)
    width, typical = high - low, []
    tolerances = [np.maximum(ROUNDING * width, 1e-9 * np.maximum(np.abs(rows["value"]), 1e-3))] * 2
    if method == BOOTSTRAP:
        tolerances, typical = _of_draws(rows, width, replicates), _typical(metric, rows, low, high)
        if rows["unit"].iloc[0] == "share":  # a resampled share is one too
            low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    off = (np.abs(rows[end] - second) for end, second in (("ci_low", low), ("ci_high", high)))
    far = np.logical_or(*(~(by <= most) for by, most in zip(off, tolerances, strict=True)))
    rows = rows.assign(second=[f"{a:.6g} to {b:.6g}" for a, b in zip(low, high, strict=True)])
    found = _reported(rows[far], f"does not have the interval that {method} gives a second time", "second")
    return found + typical


def _of_draws(rows: pd.DataFrame, width: np.ndarray, replicates: int) -> list[np.ndarray]:
    """How far the lower and the upper end of a bootstrapped interval may be off; fewer draws scatter more."""
    noise = np.sqrt(max(1.0, MEASURED_REPLICATES / replicates))
    near = NEAR_END * noise * width
    far = near + FAR_END * noise / np.sqrt(carriers(rows)) * width
    skewed_up = skewness(rows) > 0
    return [np.where(skewed_up, near, far), np.where(skewed_up, far, near)]


def second_ends(metric: str, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the intervals of a metric's rows (published columns and moments) by the second method."""
    basis = BASES[metric]
    numerator, n = rows["numerator"].to_numpy(), rows["sample_size"].to_numpy()
    if basis.method == WILSON:
        return wilson(np.rint(numerator), np.rint(rows["denominator"].to_numpy()))
    if basis.method == ADJUSTED_WALD:
        return adjusted_wald(rows["y"].to_numpy(), rows["yy"].to_numpy(), n)
    if basis.method == T:
        divisor, variance = rows["denominator"].fillna(1.0).to_numpy(), rows["variance_y"].to_numpy()
        if basis.divisor == PER_DENOMINATOR:  # deviations from the ratio (Woodruff 1971)
            ratio = numerator / divisor
            variance = variance - 2 * ratio * rows["covariance"] + ratio**2 * rows["variance_x"]
        return students_t(numerator, np.maximum(np.asarray(variance), 0), n, divisor)
    return resampled_ratio(rows)


def _typical(metric: str, rows: pd.DataFrame, low: np.ndarray, high: np.ndarray) -> list[Problem]:
    """All intervals of a metric a little too narrow, too wide or shifted: seen in the median of its rows."""
    carried = carriers(rows) >= CARRIERS_FOR_MEDIAN
    if carried.sum() < ROWS_FOR_MEDIAN:
        return []
    width = high - low
    times = float(np.median(((rows["ci_high"] - rows["ci_low"]) / width)[carried]))
    off = ((rows["ci_low"] - low) + (rows["ci_high"] - high)) / 2 / width
    shift = float(np.median(off[carried]))
    if MEDIAN_WIDTH[0] <= times <= MEDIAN_WIDTH[1] and abs(shift) <= MEDIAN_SHIFT:
        return []
    return [
        _problem(
            f"{metric}: over {carried.sum()} rows its intervals are {times:.2f} times as wide in the median"
            f" as the second method's, and shifted by {shift:.2f} of the width; chance gives"
            f" {MEDIAN_WIDTH[0]} to {MEDIAN_WIDTH[1]}, and up to {MEDIAN_SHIFT}."
        )
    ]


def _reported(rows: pd.DataFrame, what: str, second: str | None = None) -> list[Problem]:
    """One problem for all rows of a metric with the same fault; none without rows."""
    if rows.empty:
        return []
    first = rows.sort_values(KEYS).iloc[0]
    where = f"{first['period_grain']} from {pd.Timestamp(first['period_start']).date()}, {first['segment']}"
    numbers = (
        f"{first['value']:.6g} ({first['ci_low']:.6g} to {first['ci_high']:.6g}, n {first['sample_size']:g})"
    )
    also = f"; {second}: {first[second]}" if second else ""
    return [_problem(f"{first['metric']} {what} in {len(rows)} rows. First: {where}: {numbers}{also}.")]


def _problem(message: str) -> Problem:
    return Problem(name=NAME, status="fail", message=message, file=FILE)
