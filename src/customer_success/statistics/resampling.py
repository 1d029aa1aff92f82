"""Bootstrap over households: counts of draws, sums under those draws, intervals from them.

Households are resampled with independent Poisson(1) counts (Hanley and MacGibbon 2006; Chamandy,
Muralidharan, Najmi and Naidu 2012), the limit of the multinomial bootstrap. All statistics here are ratios in
which the number of households drawn cancels. In return a household's counts depend on the seed and its number
alone: data can come slice by slice, in any order, and two tables with the same households are resampled
alike.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import ndtr, ndtri, stdtr, stdtrit

BLOCK = 1024  # households whose counts are drawn together: small enough for the cache
MINIMUM_REPLICATES = 20
_ROUNDED_TO = 32
_BLOCKS_HELD = 256  # a block takes 1 MB for 1,000 replicates
_EXACT_IN_FLOAT32 = 2**24


def household_counts(block: int, households: int, replicates: int, seed: int) -> np.ndarray:
    """How often each of the first households of a block is drawn: (households, 1 + replicates).

    Column 0 is the data themselves (every household once), the others are bootstrap replicates. Drawing takes
    longer than summing, so draws are held for the next call (`forget_draws`); the array is read-only.
    """
    # Blocks of which the last few households are absent are the same block.
    return _draws(block, -(-households // _ROUNDED_TO) * _ROUNDED_TO, replicates, seed)[:households]


@lru_cache(maxsize=_BLOCKS_HELD)
def _draws(block: int, households: int, replicates: int, seed: int) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block,))))
    counts = np.ones((households, 1 + replicates), dtype=np.uint8)
    counts[:, 1:] = generator.poisson(1.0, size=(households, replicates))
    counts.setflags(write=False)
    return counts


forget_draws = _draws.cache_clear


def replicate_sums(
    cell: np.ndarray, household: np.ndarray, values: np.ndarray, cells: int, *, replicates: int, seed: int
) -> np.ndarray:
    """Sum of `values` per cell, in the data (column 0) and in each replicate.

    `cell` (0 .. cells - 1), `household` (whole numbers from 0, dense ones cost least) and `values` have one
    entry per row. Returns float64 of shape (cells, 1 + replicates). Whole-number values give exact sums, the
    same in any order of rows and on any machine; others are summed in the order of the rows. ValueError for
    fewer than 20 replicates.
    """
    if replicates < MINIMUM_REPLICATES:
        raise ValueError(f"at least {MINIMUM_REPLICATES} replicates")
    totals = np.zeros((cells, 1 + replicates))
    block_of, place_of = np.divmod(household, BLOCK)
    order = np.argsort(block_of, kind="stable")
    blocks, starts = np.unique(block_of[order], return_index=True)
    for block, rows in zip(blocks.tolist(), np.split(order, starts[1:]), strict=False):
        households = int(place_of[rows].max()) + 1
        counts = household_counts(block, households, replicates, seed)
        touched = np.zeros(cells, dtype=bool)
        touched[cell[rows]] = True
        row_of = np.cumsum(touched) - 1
        sums = csr_matrix(
            (values[rows].astype(np.float64), (row_of[cell[rows]], place_of[rows])),
            shape=(int(touched.sum()), households),
        )
        largest = abs(sums).sum(axis=1).max() * int(counts.max())
        exact = largest < _EXACT_IN_FLOAT32 and not np.any(sums.data % 1)
        dtype = np.float32 if exact else np.float64
        totals[touched] += sums.astype(dtype) @ counts.astype(dtype)
    return totals


def percentile_interval(replicates: np.ndarray, confidence: float, effective: float) -> tuple[float, float]:
    """Percentile interval of one statistic (Efron 1979), expanded for few households (Hesterberg 2015).

    The tails are those of t with `effective` - 1 degrees of freedom. Undefined replicates (NaN) are left out.
    """
    tail = ndtr(stdtrit(effective - 1, (1 - confidence) / 2))
    low, high = np.nanquantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def percentile_p_value(differences: np.ndarray, effective: float) -> float:
    """Two-sided p-value of no difference: where 0 just touches the `percentile_interval`.

    One replicate is added on either side (Davison and Hinkley 1997), so that it is never 0.
    """
    smaller = 1 + min((differences <= 0).sum(), (differences >= 0).sum())
    share = smaller / (2 + np.isfinite(differences).sum())
    return min(1.0, float(2 * stdtr(effective - 1, ndtri(share)))) if share < 0.5 else 1.0


def bca_intervals(
    replicates: np.ndarray, estimate: np.ndarray, acceleration: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bias-corrected and accelerated intervals (Efron 1987), one per row (statistics x replicates).

    `acceleration` is sum(u^3) / (6 sum(u^2)^1.5) over the influence u of each household. Undefined replicates
    (NaN) are left out.
    """
    ordered = np.sort(replicates, axis=1)
    defined = np.isfinite(ordered).sum(axis=1)
    estimate = estimate[:, None]
    tied = np.isclose(ordered, estimate, rtol=1e-12, atol=0)
    below = ((ordered < estimate) & ~tied).sum(axis=1) + tied.sum(axis=1) / 2
    bias = ndtri(np.clip(below, 0.5, defined - 0.5) / defined)
    limits = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + ndtri(tail)
        level = ndtr(bias + shifted / np.maximum(1 - acceleration * shifted, 1e-3))
        position = level * (defined - 1)
        at = position.astype(int)
        low = np.take_along_axis(ordered, at[:, None], axis=1)[:, 0]
        high = np.take_along_axis(ordered, np.minimum(at + 1, defined - 1)[:, None], axis=1)[:, 0]
        limits.append(low + (high - low) * (position - at))
    return limits[0], limits[1]
