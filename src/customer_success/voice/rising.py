"""Has a count risen above those of earlier windows of the same length? Two tests, both of which must hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr
from scipy.stats import binom

MINIMUM_VARIANCE = 1.0  # of 2 sqrt(count + 3/8) where the counts are Poisson
_SHIFT = 3 / 8


@dataclass(frozen=True)
class Rising:
    """One entry per series; NaN where a count or an exposure is unknown or there is no exposure.

    ``expected``: the count of the latest window if its rate were that of the earlier ones.
    ``p_binomial``, ``p_t``: one-sided p-values; ``p_value``: the larger of the two.
    """

    expected: np.ndarray
    p_binomial: np.ndarray
    p_t: np.ndarray
    p_value: np.ndarray


def rising(counts, exposures) -> Rising:
    """Test whether the latest count of each series has risen.

    ``counts``, ``exposures``: (series, 1 + earlier windows), the latest window first. The first test is the
    conditional binomial of two Poisson rates (Przyborowski and Wilenski 1940): the latest window's share of
    all counts against its share of the exposure. It takes counts for Poisson, so a burst such as occurs every
    few windows would pass for news. The second is t for one new observation on 2 sqrt(count + 3/8) (Anscombe
    1948), with the variance among the earlier windows, at least the 1 of Poisson counts. ValueError for fewer
    than two earlier windows or negative counts.
    """
    n, e = np.atleast_2d(np.asarray(counts, float)), np.atleast_2d(np.asarray(exposures, float))
    if n.shape != e.shape or n.shape[1] < 3:
        raise ValueError("counts and exposures of the latest and of at least two earlier windows")
    if np.any(n < 0) or np.any(e < 0):
        raise ValueError("counts and exposures are at least 0")
    earlier = n.shape[1] - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = e[:, 0] * n[:, 1:].sum(axis=1) / e[:, 1:].sum(axis=1)
        p_binomial = binom.sf(n[:, 0] - 1, n.sum(axis=1), e[:, 0] / e.sum(axis=1))
    level = 2 * np.sqrt(n + _SHIFT)
    variance = np.maximum(level[:, 1:].var(axis=1, ddof=1), MINIMUM_VARIANCE)
    t = (level[:, 0] - level[:, 1:].mean(axis=1)) / np.sqrt(variance * (1 + 1 / earlier))
    p_t = stdtr(earlier - 1, -t)
    unknown = ~np.isfinite(expected) | np.isnan(p_t)
    expected, p_binomial, p_t = (np.where(unknown, np.nan, one) for one in (expected, p_binomial, p_t))
    return Rising(expected, p_binomial, p_t, np.maximum(p_binomial, p_t))
