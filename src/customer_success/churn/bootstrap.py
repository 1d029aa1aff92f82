"""Bootstrap over households: a household drawn twice counts twice, with all its rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

REPLICATES_AT_ONCE = 50  # bounds memory: 50 replicates x 200,000 households are 80 MB


def household_weights(households: int, replicates: int, seed: int) -> np.ndarray:
    """Return how often each household is drawn, shape (households, replicates), uint8.

    A draw is with replacement, as many households as there are.
    """
    rng = np.random.default_rng(seed)
    weights = np.empty((households, replicates), dtype=np.uint8)
    for replicate in range(replicates):
        drawn = rng.integers(0, households, size=households)
        weights[:, replicate] = np.bincount(drawn, minlength=households)
    return weights


def weighted_sums(by_household: sparse.csr_array, weights: np.ndarray) -> Iterator[np.ndarray]:
    """Yield sums over households for a few replicates at a time, each (some replicates, k).

    ``by_household``: (k, households), the sums within each household.
    """
    for start in range(0, weights.shape[1], REPLICATES_AT_ONCE):
        some = weights[:, start : start + REPLICATES_AT_ONCE].astype(np.float64)
        yield (by_household @ some).T


def sum_by_household(
    row_of: np.ndarray, household: np.ndarray, values: np.ndarray, shape: tuple[int, int]
) -> sparse.csr_array:
    """Return sums of ``values`` by (statistic, household), sparse, of the given shape (k, households).

    ``row_of``, ``household``, ``values``: shape (n,), the statistic that a row adds to, its household and
    what it adds.
    """
    return sparse.coo_array((values, (row_of, household)), shape=shape).tocsr()


def interval(replicates: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the percentile interval of the replicates, shape (b,).

    (NaN, NaN) where fewer than nine in ten of them are defined.
    """
    defined = replicates[~np.isnan(replicates)]
    if len(replicates) == 0 or len(defined) < 0.9 * len(replicates):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
