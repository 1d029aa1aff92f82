"""How well a score (0-100, lower is riskier) predicts leaving, where a household has many rows.

Rows of one household overlap in time, so households are resampled, not rows. Rows are counted once into
histograms of 101 scores x (stayed, left) per replicate; every measure is then arithmetic on histograms. Rows
without a score or without a known outcome are left out by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .comparisons import Comparison
from .resampling import percentile_interval, percentile_p_value, replicate_sums

SCORES = 101
STAYED, LEFT = 0, 1
MINIMUM_HOUSEHOLDS = 10

NO_ROWS = "no rows"
NO_LEAVERS = "nobody left"
NO_STAYERS = "nobody stayed"
FEW_LEAVERS = "too few households left"
FEW_STAYERS = "too few households stayed"


@dataclass(frozen=True, slots=True)
class RankMetric:
    """A measure with its interval, over `n` rows of which `left` left; NaN with a reason if there is none."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    left: int
    method: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReplicateHistograms:
    """Rows per group x (stayed, left) x score x (data, then replicates); slices of households add up."""

    counts: np.ndarray

    def __add__(self, other: ReplicateHistograms) -> ReplicateHistograms:
        return ReplicateHistograms(self.counts + other.counts)


def replicate_histograms(
    household, score, rows, left, group=0, *, groups: int = 1, replicates: int = 1000, seed: int
) -> ReplicateHistograms:
    """Count rows into the histograms of the data and of `replicates` bootstrap replicates over households.

    One entry per household x group x score (repeats add up): `household` a whole number from 0 (dense ones
    cost least), `score` 0-100, `rows` how many rows there are and `left` how many of them left, `group` 0 ..
    groups - 1 (say model x horizon x population). All groups share the draws, so measures of two groups
    compare in pairs. A large company comes in slices of whole households (multiples of `resampling.BLOCK`
    cost least), added with `+`: the same result as at once. Memory: groups x 202 x (1 + replicates) x 8 bytes
    and about 30 bytes per entry. ValueError for scores, groups or counts out of range.
    """
    household, score, rows, left, group = np.broadcast_arrays(household, score, rows, left, group)
    whole = [np.asarray(column).astype(np.int64) for column in (household, score, group)]
    if not all(np.array_equal(a, b) for a, b in zip(whole, (household, score, group), strict=True)):
        raise ValueError("households, scores and groups are whole numbers")
    household, score, group = whole
    if np.any((score < 0) | (score >= SCORES)) or np.any((group < 0) | (group >= groups)):
        raise ValueError("scores lie within 0 and 100, groups within their number")
    if np.any(household < 0) or np.any(left < 0) or np.any(left > rows):
        raise ValueError("households and counts are at least 0, and no more rows left than there are")
    cell = (group * 2 + STAYED) * SCORES + score
    gone = left > 0
    cell = np.append(cell, cell[gone] + (LEFT - STAYED) * SCORES)
    values = np.append(rows - left, left[gone])
    who = np.append(household, household[gone])
    sums = replicate_sums(cell, who, values, groups * 2 * SCORES, replicates=replicates, seed=seed)
    return ReplicateHistograms(sums.reshape(groups, 2, SCORES, 1 + replicates))


def auc(histograms: ReplicateHistograms, group: int = 0, *, confidence: float = 0.95) -> RankMetric:
    """Chance that a row that left scored lower than one that stayed, ties half (Mann and Whitney 1947).

    Expanded percentile interval. Undefined when no row left or none stayed; the interval also when
    effectively fewer than 10 households left or stayed.
    """
    stayed, left = histograms.counts[group]
    return _measured(_auc(stayed, left), stayed, left, confidence)


def worst_share_lift(
    histograms: ReplicateHistograms, group: int = 0, *, share: float = 0.1, confidence: float = 0.95
) -> RankMetric:
    """Rate of leaving among the `share` of rows with the lowest scores, over the rate among all.

    The cut lies at exactly `share` of the rows: of the score that straddles it, the missing part of the rows
    is taken, with that part of its leavers (the mean over all orders of the tied rows). Intervals and reasons
    as for `auc`.
    """
    if not 0 < share < 1:
        raise ValueError("share lies between 0 and 1")
    stayed, left = histograms.counts[group]
    rows = stayed + left
    missing = share * rows.sum(axis=0) - (np.cumsum(rows, axis=0) - rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.where(rows > 0, np.clip(missing / rows, 0, 1), 0)
        lift = (taken * left).sum(axis=0) / left.sum(axis=0) / share
    return _measured(lift, stayed, left, confidence)


def band_rates(
    histograms: ReplicateHistograms,
    lower_bounds: Sequence[int],
    group: int = 0,
    *,
    confidence: float = 0.95,
) -> list[RankMetric]:
    """Rate of leaving per band of scores. `lower_bounds` ascending from 0, say (0, 40, 60, 80).

    Expanded percentile intervals; a rate of 0 or 1, or one that effectively fewer than 10 households carry,
    has none.
    """
    bounds = [*lower_bounds, SCORES]
    if bounds[0] != 0 or any(high <= low for low, high in pairwise(bounds)):
        raise ValueError("lower bounds ascend from 0 to at most 100")
    result = []
    for low, high in pairwise(bounds):
        stayed, left = histograms.counts[group][:, low:high]
        with np.errstate(invalid="ignore"):
            rate = left.sum(axis=0) / (left + stayed).sum(axis=0)
        result.append(_measured(rate, stayed, left, confidence))
    return result


def auc_difference(
    histograms: ReplicateHistograms, group_a: int, group_b: int, *, confidence: float = 0.95
) -> Comparison:
    """AUC of group b less that of group a, in pairs: both are measured on the same draws of households.

    For two scorecards, count them on the same rows. The p-value is where 0 just touches the interval, so that
    the two agree.
    """
    both = [histograms.counts[group] for group in (group_a, group_b)]
    a, b = auc(histograms, group_a), auc(histograms, group_b)
    reason, low, high, p = a.reason or b.reason, np.nan, np.nan, np.nan
    if reason is None:
        draws = (_auc(*both[1]) - _auc(*both[0]))[1:]
        effective = min(_households(*counts)[0] for counts in both)
        low, high = percentile_interval(draws, confidence, effective)
        p = percentile_p_value(draws, effective)
    method = "paired bootstrap over households"
    return Comparison(
        a.value, b.value, b.value - a.value, low, high, p, a.n, b.n, min(a.n, b.n), method, reason
    )


def _auc(stayed: np.ndarray, left: np.ndarray) -> np.ndarray:
    """AUC of each column of two histograms (101 x replicates); NaN where one of them is empty."""
    all_stayed = stayed.sum(axis=0)
    higher = all_stayed - np.cumsum(stayed, axis=0)
    with np.errstate(invalid="ignore"):
        return (left * (higher + stayed / 2)).sum(axis=0) / (left.sum(axis=0) * all_stayed)


def _measured(values: np.ndarray, stayed: np.ndarray, left: np.ndarray, confidence: float) -> RankMetric:
    effective, reason = _households(stayed, left)
    low, high = (np.nan, np.nan) if reason else percentile_interval(values[1:], confidence, effective)
    gone, kept = int(left[:, 0].sum()), int(stayed[:, 0].sum())
    return RankMetric(float(values[0]), low, high, gone + kept, gone, "bootstrap over households", reason)


def _households(stayed: np.ndarray, left: np.ndarray) -> tuple[float, str | None]:
    """The effective number of households that left or that stayed, whichever is less, and why it is too few.

    It is mean^2 / variance of the rows drawn: the number itself where each household has as many rows.
    """
    gone, kept = left.sum(axis=0), stayed.sum(axis=0)
    if gone[0] + kept[0] == 0:
        return 0.0, NO_ROWS
    if not (gone[0] and kept[0]):
        return 0.0, NO_STAYERS if gone[0] else NO_LEAVERS
    leavers, stayers = (total[0] ** 2 / total[1:].var() for total in (gone, kept))
    if min(leavers, stayers) >= MINIMUM_HOUSEHOLDS:
        return min(leavers, stayers), None
    return min(leavers, stayers), FEW_LEAVERS if leavers < MINIMUM_HOUSEHOLDS else FEW_STAYERS
