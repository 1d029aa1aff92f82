"""How a metric changed from one period to another, by the test that fits its kind.

A household in both periods is paired in each of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from customer_success.statistics import (
    Comparison,
    compare_means,
    compare_money,
    compare_nps,
    compare_shares,
)

NPS, SHARE, MEAN, RATIO, TOTAL = "nps", "share", "mean", "ratio", "total"
# The method of its published interval tells the kind of a metric (totals apart).
KINDS = {"adjusted_wald": NPS, "wilson": SHARE, "t": MEAN, "bootstrap_households": RATIO}
COLUMNS = ["household_id", "numerator", "denominator"]


def align(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return a row per household of either period: numerator_a, denominator_a, numerator_b, denominator_b.

    `a`, `b`: columns `COLUMNS`, one row per household. Sorted by household; NaN where it is not in a period:
    without a row, or with a numerator and denominator of 0.
    """
    ids = np.union1d(a["household_id"], b["household_id"])
    columns = {}
    for side, rows in (("a", a), ("b", b)):
        numerator, denominator = (rows[name].to_numpy(float) for name in ("numerator", "denominator"))
        held = (numerator != 0) | (denominator != 0)
        place = np.searchsorted(ids, rows["household_id"].to_numpy()[held])
        for name, values in (("numerator", numerator), ("denominator", denominator)):
            columns[f"{name}_{side}"] = np.full(len(ids), np.nan)
            columns[f"{name}_{side}"][place] = values[held]
    return pd.DataFrame(columns, index=ids)


def compare(kind: str, rows: pd.DataFrame, *, seed: int) -> Comparison:
    """Compare two periods of a metric; `rows` as `align` returns them.

    Shares are compared by the two-proportion z test, net promoter scores by z with multinomial variance,
    means by Welch's t, ratios of money by permutation. Where a household has several observations (tickets,
    invitations, members), which resemble each other, shares and means are compared by t over households, each
    with its linearised part of the ratio (Woodruff 1971); with one observation each that is Welch's t. Totals
    are compared by the mean change per household: a household outside a period adds nothing.
    """
    if kind == TOTAL:
        return _compare_totals(rows)
    columns = [
        rows[f"{part}_{side}"].to_numpy(float) for side in "ab" for part in ("numerator", "denominator")
    ]
    if kind == RATIO:
        return compare_money(*columns, seed=seed)
    y_a, x_a, y_b, x_b = columns
    if kind == NPS:
        return compare_nps(y_a, y_b)
    several = max(np.nanmax(x, initial=1) for x in (x_a, x_b)) > 1
    if kind == SHARE and not several:
        return compare_shares(y_a, y_b)
    found = compare_means(_parts(y_a, x_a), _parts(y_b, x_b))
    clusters = ", households as clusters" if several else ""
    return replace(found, method=found.method.replace("two-sample t", "two-sample Welch's t") + clusters)


def _parts(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Values per household whose mean is the ratio of the sums, and whose variance is that of the ratio."""
    held = ~np.isnan(denominator)
    total = denominator[held].sum()
    if total == 0:
        return np.full(len(denominator), np.nan)
    ratio = numerator[held].sum() / total
    return ratio + (numerator - ratio * denominator) * held.sum() / total


def _compare_totals(rows: pd.DataFrame) -> Comparison:
    a, b = (rows[f"numerator_{side}"].fillna(0.0).to_numpy(float) for side in "ab")
    found = compare_means(a, b)
    names = ("estimate_a", "estimate_b", "difference", "ci_low", "ci_high")
    return replace(found, **{name: len(rows) * getattr(found, name) for name in names})
