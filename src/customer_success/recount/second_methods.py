"""95% intervals of metric values by a second implementation: scipy, closed forms and an approximation.

Each function takes one entry per value and returns the lower and the upper ends.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammainc, gammaincc
from scipy.stats import binomtest, norm, t

CONFIDENCE = 0.95
TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
_STEPS = 40  # halvings of the range in which an end is sought: to 1e-11 of its width
_FARTHEST = 8.0  # standard errors in which an end is sought
_NO_SKEW = 1e-3

Ends = tuple[np.ndarray, np.ndarray]


def wilson(successes: np.ndarray, n: np.ndarray) -> Ends:
    """Score intervals of shares (Wilson 1927) by ``scipy.stats.binomtest``; whole counts, n at least 1."""
    counts = pd.DataFrame({"k": successes, "n": n}).astype("int64")
    distinct = counts.drop_duplicates()
    # The null hypothesis does not change the interval; at the share itself its p-value is cheapest.
    found = [
        binomtest(k, of, k / of).proportion_ci(CONFIDENCE, method="wilson")
        for k, of in distinct.itertuples(index=False)
    ]
    ends = counts.merge(distinct.assign(low=[x.low for x in found], high=[x.high for x in found]), how="left")
    return ends["low"].to_numpy(), ends["high"].to_numpy()


def share_of(part: int, whole: int) -> tuple[float, float, float]:
    """Return one share with the ends of its Wilson interval; the whole is at least 1."""
    low, high = wilson(np.array([part]), np.array([whole]))
    return part / whole, float(low[0]), float(high[0])


def adjusted_wald(balance: np.ndarray, decided: np.ndarray, n: np.ndarray) -> Ends:
    """Net promoter scores (-100 to 100) with three pseudo-responses, 3/4 promoters and 3/4 detractors.

    ``balance``: promoters less detractors, ``decided``: both together. Each response is 1, 0 or -1; the
    pseudo-responses add nothing to their sum and 3/2 to the sum of their squares (Rocks 2016).
    """
    score = balance / (n + 3)
    variance = (decided + 1.5) / (n + 3) - score**2
    low, high = norm.interval(CONFIDENCE, loc=score, scale=np.sqrt(variance / (n + 3)))
    return 100 * np.maximum(low, -1), 100 * np.minimum(high, 1)


def students_t(total: np.ndarray, variance: np.ndarray, n: np.ndarray, divisor: np.ndarray) -> Ends:
    """Intervals of sums of n independent units over a known divisor (Student 1908); variance with n - 1."""
    error = np.sqrt(variance * n) / divisor
    return t.interval(CONFIDENCE, n - 1, loc=total / divisor, scale=error)


def resampled_ratio(sums: pd.DataFrame) -> Ends:
    """Approximate the BCa bootstrap (Efron 1987) of ratios of sums without drawing.

    ``sums``: sums of powers and products of the households' numerators y and denominators x, named y, x, yy,
    yx, xx, yyy ... (``interval_units``). With Poisson counts the ratio of a resample is below r where the sum
    of counts times (y - r x) is below 0. That sum has known cumulants: those of y - r x, summed; its
    distribution is approximated by the gamma distribution with the same first three (Pearson's type III).
    """
    ratio = (sums["y"] / sums["x"]).to_numpy()
    error = np.sqrt(_power_sum(sums, ratio, 2)) / sums["x"].to_numpy()
    acceleration = skewness(sums) / 6
    bias = norm.ppf(_below(sums, ratio))
    ends = []
    for tail in TAILS:
        shifted = bias + norm.ppf(tail)
        level = norm.cdf(bias + shifted / np.maximum(1 - acceleration * shifted, 1e-3))
        low, high = ratio - _FARTHEST * error, ratio + _FARTHEST * error
        for _ in range(_STEPS):
            middle = (low + high) / 2
            short = _below(sums, middle) < level
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        ends.append((low + high) / 2)
    return ends[0], ends[1]


def carriers(sums: pd.DataFrame) -> np.ndarray:
    """Effective number of households that carry the variance of a ratio: (sum u^2)^2 / sum u^4."""
    ratio = (sums["y"] / sums["x"]).to_numpy()
    return _power_sum(sums, ratio, 2) ** 2 / _power_sum(sums, ratio, 4)


def skewness(sums: pd.DataFrame) -> np.ndarray:
    """Skewness of the resampled sums of y - r x at the ratio r itself."""
    ratio = (sums["y"] / sums["x"]).to_numpy()
    return _power_sum(sums, ratio, 3) / _power_sum(sums, ratio, 2) ** 1.5


def _below(sums: pd.DataFrame, ratio: np.ndarray) -> np.ndarray:
    """Share of the resamples whose ratio is below ``ratio``."""
    mean = sums["y"].to_numpy() - ratio * sums["x"].to_numpy()
    variance, third = _power_sum(sums, ratio, 2), _power_sum(sums, ratio, 3)
    standardised, skew = -mean / np.sqrt(variance), third / variance**1.5
    flat = np.abs(skew) < _NO_SKEW
    shape = 4 / np.where(flat, 1.0, skew) ** 2
    at = np.maximum(shape + np.sign(skew) * standardised * np.sqrt(shape), 0)
    return np.where(
        flat, norm.cdf(standardised), np.where(skew > 0, gammainc(shape, at), gammaincc(shape, at))
    )


def _power_sum(sums: pd.DataFrame, ratio: np.ndarray, power: int) -> np.ndarray:
    """Sum over the households of (y - ratio x) to a power, from sums of products (binomial theorem)."""
    choose = {2: (1, -2, 1), 3: (1, -3, 3, -1), 4: (1, -4, 6, -4, 1)}[power]
    terms = (
        times * ratio**j * sums["y" * (power - j) + "x" * j].to_numpy() for j, times in enumerate(choose)
    )
    return np.maximum(sum(terms), 0) if power != 3 else sum(terms)
