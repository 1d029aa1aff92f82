"""How a metric changed between two periods, tested a second time: numpy and scipy on the households' rows.

A household in both periods is paired: the covariance of its two values is subtracted from the variance of the
difference (Derrick, Russ, Toher and White 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from customer_success.recount.second_methods import wilson

CONFIDENCE = 0.95
NPS, SHARE, MEAN, MONEY, TOTAL = "nps", "share", "mean", "money", "total"
KINDS = {"adjusted_wald": NPS, "wilson": SHARE, "t": MEAN, "bootstrap_households": MONEY}


@dataclass(frozen=True)
class Change:
    """Estimates, interval of the difference b - a, p-value; NaN where there is nothing to test.

    ``exact``: to rounding; else the first implementation draws (money).
    """

    a: float
    b: float
    low: float
    high: float
    p: float
    exact: bool = True


def change(kind: str, rows: pd.DataFrame) -> Change:
    """Test the change of a metric; ``rows``: y_a, x_a, y_b, x_b per household, NaN where it is not in one."""
    y_a, x_a, y_b, x_b = (rows[name].to_numpy(float) for name in ("y_a", "x_a", "y_b", "x_b"))
    if kind == TOTAL:
        return _of_totals(np.nan_to_num(y_a), np.nan_to_num(y_b))
    if kind == MONEY:
        return _of_money(y_a, x_a, y_b, x_b)
    if kind == NPS:
        return _of_means(100 * y_a, 100 * y_b, by_t=False)
    clustered = np.nanmax(np.concatenate([x_a, x_b]), initial=1) > 1
    if kind == SHARE and not clustered:
        return _of_shares(y_a, y_b)
    return _of_means(_linear(y_a, x_a), _linear(y_b, x_b), by_t=True)


def relative(rows: pd.DataFrame, kind: str) -> tuple[float, float, float]:
    """Change as a share of period a, with the interval of its logarithm (delta method over households)."""
    y_a, x_a, y_b, x_b = (rows[name].fillna(0.0).to_numpy(float) for name in ("y_a", "x_a", "y_b", "x_b"))
    if kind == TOTAL:
        x_a = x_b = np.ones(len(rows))
    if min(part.sum() for part in (y_a, x_a, y_b, x_b)) <= 0:
        return np.nan, np.nan, np.nan
    logarithm = np.log(y_b.sum() / x_b.sum()) - np.log(y_a.sum() / x_a.sum())
    parts = (y_b / y_b.sum() - x_b / x_b.sum()) - (y_a / y_a.sum() - x_a / x_a.sum())
    low, high = stats.norm.interval(CONFIDENCE, loc=logarithm, scale=np.sqrt(parts @ parts))
    return tuple(float(np.expm1(end)) for end in (logarithm, low, high))


def holm(p_values: list[float]) -> list[float]:
    """p-values corrected for being tested together (Holm 1979), by its definition; NaN stay so, uncounted."""
    known = sorted(p for p in p_values if not np.isnan(p))
    steps = [min(1.0, (len(known) - place) * p) for place, p in enumerate(known)]
    corrected = {p: max(steps[: known.index(p) + known.count(p)]) for p in known}
    return [corrected.get(p, np.nan) for p in p_values]


def _of_totals(a: np.ndarray, b: np.ndarray) -> Change:
    if len(a) < 2 or _is_nothing(stats.sem(b - a), a.mean(), b.mean()):
        return Change(a.sum(), b.sum(), np.nan, np.nan, np.nan)
    found = stats.ttest_rel(b, a)
    low, high = found.confidence_interval(CONFIDENCE)
    n = len(a)
    return Change(a.sum(), b.sum(), n * low, n * high, float(found.pvalue))


def _of_means(a: np.ndarray, b: np.ndarray, *, by_t: bool) -> Change:
    in_a, in_b = ~np.isnan(a), ~np.isnan(b)
    both = in_a & in_b
    n_a, n_b, pairs = in_a.sum(), in_b.sum(), both.sum()
    mean_a, mean_b = (float(np.nanmean(x)) if n else np.nan for x, n in ((a, n_a), (b, n_b)))
    if min(n_a, n_b) < 2:
        return Change(mean_a, mean_b, np.nan, np.nan, np.nan)
    error_a, error_b = stats.sem(a[in_a]) ** 2, stats.sem(b[in_b]) ** 2
    r = 0.0
    if pairs > 1 and np.ptp(a[both]) > 0 and np.ptp(b[both]) > 0:
        r = stats.pearsonr(a[both], b[both]).statistic
    error = np.sqrt(error_a + error_b - 2 * r * pairs * np.sqrt(error_a * error_b / (n_a * n_b)))
    if _is_nothing(error, mean_a, mean_b):
        return Change(mean_a, mean_b, np.nan, np.nan, np.nan)
    welch = (error_a + error_b) ** 2 / (error_a**2 / (n_a - 1) + error_b**2 / (n_b - 1))
    paired = pairs - 1
    if pairs >= 2:
        welch = paired + (welch - paired) * (n_a + n_b - 2 * pairs) / (n_a + n_b)
    distribution = stats.t(welch) if by_t else stats.norm()
    difference = mean_b - mean_a
    half = distribution.ppf((1 + CONFIDENCE) / 2) * error
    p = float(2 * distribution.sf(abs(difference) / error))
    return Change(mean_a, mean_b, difference - half, difference + half, p)


def _is_nothing(error: float, a: float, b: float) -> bool:
    """Whether a standard error is no more than rounding: all households changed alike."""
    return bool(error <= 1e-9 * max(abs(a), abs(b), 1e-300))


def _of_shares(a: np.ndarray, b: np.ndarray) -> Change:
    """Score z with the pooled share under no difference; Newcombe's interval (1998, method 10)."""
    in_a, in_b = ~np.isnan(a), ~np.isnan(b)
    both = in_a & in_b
    n_a, n_b = in_a.sum(), in_b.sum()
    wald = _of_means(a, b, by_t=False)
    if min(n_a, n_b) < 2:
        return wald
    pooled = (np.nansum(a) + np.nansum(b)) / (n_a + n_b)
    covariance = np.sum((a[both] - pooled) * (b[both] - pooled)) / (n_a * n_b)
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b) - 2 * covariance
    z = (wald.b - wald.a) / np.sqrt(variance) if variance > 1e-12 / (n_a * n_b) else 0.0
    p = float(2 * stats.norm.sf(abs(z)))
    return Change(wald.a, wald.b, *_newcombe(a, b, in_a, in_b), p)


def _newcombe(a: np.ndarray, b: np.ndarray, in_a: np.ndarray, in_b: np.ndarray) -> tuple[float, float]:
    """Joined Wilson intervals; the correlation of pairs with a continuity correction where it is positive."""
    n = np.array([in_a.sum(), in_b.sum()])
    k = np.array([np.nansum(a), np.nansum(b)])
    (down_a, down_b), (up_a, up_b) = (np.abs(end - k / n) for end in wilson(k, n))
    both = in_a & in_b
    correlation = 0.0
    if both.any() and np.ptp(a[both]) > 0 and np.ptp(b[both]) > 0:
        pairs = both.sum()
        covariance = np.cov(a[both], b[both], ddof=0)[0, 1]
        if covariance > 0:
            covariance = max(covariance - 1 / (2 * pairs), 0.0)
        correlation = covariance / (a[both].std() * b[both].std()) * pairs / np.sqrt(n.prod())
    below = np.sqrt(max(down_b**2 - 2 * correlation * down_b * up_a + up_a**2, 0.0))
    above = np.sqrt(max(up_b**2 - 2 * correlation * up_b * down_a + down_a**2, 0.0))
    difference = k[1] / n[1] - k[0] / n[0]
    return max(difference - below, -1.0), min(difference + above, 1.0)


def _of_money(y_a, x_a, y_b, x_b) -> Change:
    """Linearised difference of two ratios; the first implementation permutes and resamples."""
    n_a, n_b = (~np.isnan(x_a)).sum(), (~np.isnan(x_b)).sum()
    y_a, x_a, y_b, x_b = (np.nan_to_num(part) for part in (y_a, x_a, y_b, x_b))
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = y_a.sum() / x_a.sum(), y_b.sum() / x_b.sum()
        parts = (y_b - b * x_b) / x_b.sum() - (y_a - a * x_a) / x_a.sum()
        error = np.sqrt(parts @ parts)
        p = float(2 * stats.norm.sf(abs(b - a) / error)) if min(n_a, n_b) > 1 else np.nan
    low, high = b - a - 1.96 * error, b - a + 1.96 * error
    return Change(a, b, low, high, p, exact=False)


def _linear(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Values per household whose mean is the ratio of sums, with its variance (Woodruff 1971)."""
    ratio = np.nansum(y) / np.nansum(x)
    return ratio + (y - ratio * x) / np.nanmean(x)
