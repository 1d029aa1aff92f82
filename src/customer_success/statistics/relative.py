"""Relative change of a ratio from one period to another.

The interval is that of the logarithm of b / a, whose error is linearised household by household, so that a
household in both periods is paired. For two shares without pairs it is Katz's interval of the risk ratio
(Katz, Baptista, Azen and Pike 1978).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from .intervals import NO_OBSERVATIONS, NO_VARIATION, ONE_OBSERVATION, Interval

NOT_POSITIVE = "a share of itself is undefined where a ratio is not above 0"
METHOD = "linearised logarithm"


def relative_change(
    numerator_a, denominator_a, numerator_b, denominator_b, *, confidence: float = 0.95
) -> Interval:
    """Return b / a - 1 of two ratios of sums, with its interval; -0.4 is 40% less.

    One entry per household, aligned, shape (n,); the denominator is NaN where the household is not in the
    period. `n` counts the households in either. NaN with a reason where a ratio is 0 or less, or a period
    holds fewer than two households. ValueError for columns of different length or unknown numerators.
    """
    y_a, x_a, y_b, x_b = (
        np.asarray(column, dtype=float) for column in (numerator_a, denominator_a, numerator_b, denominator_b)
    )
    if not len(y_a) == len(x_a) == len(y_b) == len(x_b):
        raise ValueError("the columns are aligned: one entry per household in each")
    in_a, in_b = ~np.isnan(x_a), ~np.isnan(x_b)
    if np.isnan(y_a[in_a]).any() or np.isnan(y_b[in_b]).any():
        raise ValueError("where a household is in the period, its numerator is known")
    n, fewest = int((in_a | in_b).sum()), int(min(in_a.sum(), in_b.sum()))
    if fewest < 2:
        return _undefined(n, ONE_OBSERVATION if fewest else NO_OBSERVATIONS)
    part_a, part_b = _part_of_error(y_a, x_a, in_a), _part_of_error(y_b, x_b, in_b)
    if part_a is None or part_b is None:
        return _undefined(n, NOT_POSITIVE)
    ratio = (y_b[in_b].sum() / x_b[in_b].sum()) / (y_a[in_a].sum() / x_a[in_a].sum())
    error = float(np.sqrt(((part_b - part_a) ** 2).sum()))
    if error < 1e-12:
        return Interval(ratio - 1, np.nan, np.nan, n, METHOD, NO_VARIATION)
    factor = np.exp(ndtri((1 + confidence) / 2) * error)
    return Interval(ratio - 1, ratio / factor - 1, ratio * factor - 1, n, METHOD, None)


def _part_of_error(numerator: np.ndarray, denominator: np.ndarray, held: np.ndarray) -> np.ndarray | None:
    """What each household adds to the error of the logarithm of the ratio; None where the ratio has none."""
    y, x = np.where(held, numerator, 0.0), np.where(held, denominator, 0.0)
    if y.sum() <= 0 or x.sum() <= 0:
        return None
    return y / y.sum() - x / x.sum()


def _undefined(n: int, reason: str) -> Interval:
    return Interval(np.nan, np.nan, np.nan, n, METHOD, reason)
