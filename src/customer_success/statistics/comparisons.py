"""Is the difference between two periods (or segments) more than noise? One function per kind of metric.

The aligned forms take one entry per household for each period, in a fixed order, NaN where the household has
none in it. A household in both is paired: its covariance counts. All of them in both is the paired test, none
the two-sample test, and what lies between is treated in one frame (Derrick, Russ, Toher and White 2017). The
difference is always b - a. What cannot be computed is NaN with a `reason`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from .intervals import (
    FEW_EFFECTIVE,
    MINIMUM_EFFECTIVE_HOUSEHOLDS,
    NO_OBSERVATIONS,
    NO_VARIATION,
    ONE_OBSERVATION,
    ZERO_DENOMINATOR,
    effective_number,
    wilson_limits,
)
from .resampling import replicate_sums

_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two estimates, their difference b - a with interval, and the two-sided p-value of no difference."""

    estimate_a: float
    estimate_b: float
    difference: float
    ci_low: float
    ci_high: float
    p_value: float
    n_a: int
    n_b: int
    n_both: int
    method: str
    reason: str | None


def unpaired(a, b) -> tuple[np.ndarray, np.ndarray]:
    """Two samples that share no household, in the aligned form: first all of a, then all of b."""
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.append(first, np.full(len(second), np.nan)), np.append(np.full(len(first), np.nan), second)


def compare_means(a, b, *, confidence: float = 0.95) -> Comparison:
    """Difference of two means: Welch's t (1947), paired t, or both at once (Derrick et al. 2017).

    `a`, `b`: values per household, aligned. Welch's t of two samples apart: `compare_means(*unpaired(a, b))`.
    """
    return _difference_of_means(*_aligned(a, b), confidence, by_t=True)


def compare_nps(a, b, *, confidence: float = 0.95) -> Comparison:
    """Difference of two net promoter scores: z with multinomial variance (n - 1) and covariance of pairs.

    `a`, `b`: per household, aligned, 1 promoter, 0 passive, -1 detractor. Estimates are -100 to 100.
    ValueError for other answers.
    """
    a, b = _aligned(a, b)
    _only((-1, 0, 1), a, b)
    return _difference_of_means(100 * a, 100 * b, confidence, by_t=False)


def compare_nps_counts(
    promoters_a: int, detractors_a: int, n_a: int, promoters_b: int, detractors_b: int, n_b: int, **settings
) -> Comparison:
    """As `compare_nps` for two periods that share no household, from counts."""
    a = np.repeat([1.0, -1.0, 0.0], (promoters_a, detractors_a, n_a - promoters_a - detractors_a))
    b = np.repeat([1.0, -1.0, 0.0], (promoters_b, detractors_b, n_b - promoters_b - detractors_b))
    return compare_nps(*unpaired(a, b), **settings)


def compare_shares(a, b, *, confidence: float = 0.95) -> Comparison:
    """Difference of two shares: score z for the p-value, joined Wilson intervals for the difference.

    `a`, `b`: 1 or 0 per household, aligned. Under no difference both periods have the pooled share, and so
    the variance: without pairs the pooled z test, with pairs alone McNemar's (1947, no continuity
    correction). The interval is Newcombe's (1998, method 10 for independent as for paired data), with the
    correlation of the two estimates (Zou and Donner 2008) where some are paired. Test and interval differ and
    may disagree slightly.
    """
    a, b = _aligned(a, b)
    _only((0, 1), a, b)
    in_a, in_b, both = _present(a, b)
    n_a, n_b, n_both = in_a.sum(), in_b.sum(), both.sum()
    names = _names(n_a, n_b, n_both, "score z, Newcombe interval")
    if min(n_a, n_b) < 2:
        return _undecided(_mean(a), _mean(b), names, _short_of(n_a, n_b))
    p_a, p_b = a[in_a].mean(), b[in_b].mean()
    pooled = (a[in_a].sum() + b[in_b].sum()) / (n_a + n_b)
    shared = (a[both] - pooled) @ (b[both] - pooled)
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b) - 2 * shared / (n_a * n_b)
    difference = p_b - p_a
    z = difference / np.sqrt(variance) if variance > 1e-12 / (n_a * n_b) else 0.0
    phi = _phi(a[both], b[both]) * n_both / np.sqrt(n_a * n_b)
    low_a, high_a = wilson_limits(p_a * n_a, n_a, confidence)
    low_b, high_b = wilson_limits(p_b * n_b, n_b, confidence)
    down = _joined(p_b - low_b, high_a - p_a, phi)
    up = _joined(high_b - p_b, p_a - low_a, phi)
    low, high = max(difference - down, -1.0), min(difference + up, 1.0)
    return _decided(p_a, p_b, low, high, 2 * ndtr(-abs(z)), names)


def compare_share_counts(successes_a: int, n_a: int, successes_b: int, n_b: int, **settings) -> Comparison:
    """As `compare_shares` for two periods that share no household, from counts."""
    a = np.repeat([1.0, 0.0], (successes_a, n_a - successes_a))
    b = np.repeat([1.0, 0.0], (successes_b, n_b - successes_b))
    return compare_shares(*unpaired(a, b), **settings)


def compare_money(
    numerator_a,
    denominator_a,
    numerator_b,
    denominator_b,
    *,
    seed: int,
    permutations: int = 2000,
    replicates: int = 2000,
    confidence: float = 0.95,
    minimum: float = MINIMUM_EFFECTIVE_HOUSEHOLDS,
) -> Comparison:
    """Difference of two ratios of sums of money: permutation test, and bootstrap interval over households.

    One entry per household, aligned, in a fixed order (draws go by position); the denominator is NaN where
    the household is not in the period. Households in both periods swap them with chance 1/2, the others are
    assigned to the periods at random, with the sizes kept. The statistic is the difference divided by its
    linearised standard error (Janssen 1997; Chung and Romano 2013); p = (1 + as large or larger) / (1 +
    permutations) (Phipson and Smyth 2010). The interval is the difference and t times the bootstrap's
    standard error on either side (Efron and Tibshirani 1993), with the effective number of households less
    one as degrees of freedom; like that of `ratio_intervals` it is left out, with reason, where the
    households that carry a denominator are effectively fewer than `minimum`. Test and interval differ and may
    disagree slightly.
    """
    x_a, x_b = _aligned(denominator_a, denominator_b)
    y_a, y_b = _aligned(numerator_a, numerator_b)
    in_a, in_b, both = _present(x_a, x_b)
    n_a, n_b = in_a.sum(), in_b.sum()
    names = _names(n_a, n_b, both.sum(), "permutation, bootstrap interval")
    held = in_a | in_b
    y_a, x_a = np.where(in_a, (y_a, x_a), 0)[:, held]
    y_b, x_b = np.where(in_b, (y_b, x_b), 0)[:, held]
    if np.isnan([y_a, y_b]).any() or min(x_a.min(initial=0), x_b.min(initial=0)) < 0:
        raise ValueError("where a household is in the period, numerators are known, denominators at least 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio_a, ratio_b = y_a.sum() / x_a.sum(), y_b.sum() / x_b.sum()
        influence = _influence(y_a, x_a, y_b, x_b)
    if min(n_a, n_b) < 2:
        return _undecided(ratio_a, ratio_b, names, _short_of(n_a, n_b))
    if not (x_a.sum() and x_b.sum()):
        return _undecided(ratio_a, ratio_b, names, ZERO_DENOMINATOR)
    difference, size = ratio_b - ratio_a, max(abs(ratio_a), abs(ratio_b), 1e-300)
    if np.max(np.abs(influence)) <= 1e-12 * size:
        p = 1.0 if abs(difference) <= 1e-9 * size else np.nan
        return _decided(ratio_a, ratio_b, np.nan, np.nan, p, names, NO_VARIATION)
    columns = (y_a, x_a, y_b, x_b)
    swaps = _relabelled(in_a[held], in_b[held], permutations, seed)
    p = _permutation_p(columns, swaps, permutations)
    effective = min(effective_number(x_a), effective_number(x_b))
    if effective < minimum:
        return _decided(ratio_a, ratio_b, np.nan, np.nan, p, names, FEW_EFFECTIVE)
    half = stdtrit(effective - 1, (1 + confidence) / 2) * _bootstrap_error(columns, replicates, seed)
    return _decided(ratio_a, ratio_b, difference - half, difference + half, p, names)


def holm(p_values) -> np.ndarray:
    """p-values corrected for being tested together (Holm 1979); undefined ones (NaN) stay so, uncounted."""
    p = np.asarray(p_values, dtype=float)
    if np.any((p < 0) | (p > 1)):
        raise ValueError("p-values lie within 0 and 1")
    order = np.argsort(p)[: np.isfinite(p).sum()]
    corrected = np.full(len(p), np.nan)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1)
    return corrected


def _difference_of_means(a: np.ndarray, b: np.ndarray, confidence: float, *, by_t: bool) -> Comparison:
    in_a, in_b, both = _present(a, b)
    n_a, n_b, n_both = in_a.sum(), in_b.sum(), both.sum()
    names = _names(n_a, n_b, n_both, "t" if by_t else "z, multinomial variance")
    mean_a, mean_b = _mean(a), _mean(b)
    if min(n_a, n_b) < 2:
        return _undecided(mean_a, mean_b, names, _short_of(n_a, n_b))
    error_a, error_b = a[in_a].var(ddof=1) / n_a, b[in_b].var(ddof=1) / n_b
    spread = np.std(a[both]) * np.std(b[both]) if n_both > 1 else 0.0
    r = np.cov(a[both], b[both], ddof=0)[0, 1] / spread if spread else 0.0
    variance = error_a + error_b - 2 * r * np.sqrt(error_a * error_b) * n_both / np.sqrt(n_a * n_b)
    difference, size = mean_b - mean_a, max(abs(mean_a), abs(mean_b), 1e-300)
    if variance <= (1e-9 * size) ** 2:
        p = 1.0 if abs(difference) <= 1e-9 * size else np.nan
        return _decided(mean_a, mean_b, np.nan, np.nan, p, names, NO_VARIATION)
    statistic = abs(difference) / np.sqrt(variance)
    if by_t:
        freedom = _freedom(error_a, error_b, n_a, n_b, n_both)
        p, quantile = 2 * stdtr(freedom, -statistic), stdtrit(freedom, (1 + confidence) / 2)
    else:
        p, quantile = 2 * ndtr(-statistic), ndtri((1 + confidence) / 2)
    half = quantile * np.sqrt(variance)
    return _decided(mean_a, mean_b, difference - half, difference + half, p, names)


def _freedom(error_a: float, error_b: float, n_a: int, n_b: int, n_both: int) -> float:
    """Degrees of freedom: Welch's without pairs, pairs - 1 with pairs alone, between them in between."""
    welch = (error_a + error_b) ** 2 / (error_a**2 / (n_a - 1) + error_b**2 / (n_b - 1))
    if n_both < 2:
        return welch
    alone = n_a + n_b - 2 * n_both
    return n_both - 1 + (welch - n_both + 1) / (n_a + n_b) * alone


def _phi(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two shares in pairs; a positive one with Newcombe's continuity correction, down to 0."""
    spread = np.std(a) * np.std(b) if len(a) else 0.0
    if not spread:
        return 0.0
    covariance = a @ b / len(a) - a.mean() * b.mean()
    return float(covariance if covariance <= 0 else max(covariance - 1 / (2 * len(a)), 0.0)) / spread


def _joined(one: float, other: float, correlation: float) -> float:
    """Distance of the difference's end from the difference, from those of the two shares."""
    return float(np.sqrt(max(one**2 - 2 * correlation * one * other + other**2, 0.0)))


def _influence(y_a, x_a, y_b, x_b) -> np.ndarray:
    """What each household adds to the error of the difference of ratios; households along the last axis."""
    total_a, total_b = x_a.sum(axis=-1, keepdims=True), x_b.sum(axis=-1, keepdims=True)
    ratio_a, ratio_b = y_a.sum(axis=-1, keepdims=True) / total_a, y_b.sum(axis=-1, keepdims=True) / total_b
    return (y_b - ratio_b * x_b) / total_b - (y_a - ratio_a * x_a) / total_a


def _studentised(y_a, x_a, y_b, x_b) -> np.ndarray:
    """Difference of the ratios over its linearised standard error; NaN where a period has no money."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = y_b.sum(axis=-1) / x_b.sum(axis=-1) - y_a.sum(axis=-1) / x_a.sum(axis=-1)
        return difference / np.sqrt((_influence(y_a, x_a, y_b, x_b) ** 2).sum(axis=-1))


def _permutation_p(columns, swaps: Iterator[np.ndarray], permutations: int) -> float:
    y_a, x_a, y_b, x_b = columns
    observed = abs(_studentised(*columns)) * (1 - 1e-9)
    larger = 0
    for swap in swaps:
        dealt = (np.where(swap, *two) for two in ((y_b, y_a), (x_b, x_a), (y_a, y_b), (x_a, x_b)))
        larger += int((~(np.abs(_studentised(*dealt)) < observed)).sum())
    return (1 + larger) / (1 + permutations)


def _bootstrap_error(columns, replicates: int, seed: int) -> float:
    """Standard error of the difference of ratios under resampled households."""
    place, cell = np.tile(np.arange(len(columns[0])), 4), np.repeat(np.arange(4), len(columns[0]))
    y_a, x_a, y_b, x_b = replicate_sums(
        cell, place, np.concatenate(columns), 4, replicates=replicates, seed=seed
    )[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nanstd(y_b / x_b - y_a / x_a))


def _relabelled(in_a: np.ndarray, in_b: np.ndarray, permutations: int, seed: int) -> Iterator[np.ndarray]:
    """Which households change sides, (some permutations, households) at a time, every permutation once."""
    generator = np.random.Generator(np.random.PCG64(seed))
    both = in_a & in_b
    at_once = max(1, _CELLS_AT_ONCE // len(both))
    for first in range(0, permutations, at_once):
        size = min(at_once, permutations - first)
        swapped = generator.random((size, len(both))) < 0.5
        before = np.tile(in_a[~both], (size, 1))
        swapped[:, ~both] = generator.permuted(before, axis=1) != before
        yield swapped


def _aligned(a, b) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError("both periods have one entry per household, NaN where it has none")
    return a, b


def _only(allowed: tuple[int, ...], *columns: np.ndarray) -> None:
    for column in columns:
        if not np.isin(column[~np.isnan(column)], allowed).all():
            raise ValueError(f"answers are among {allowed}")


def _present(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    in_a, in_b = ~np.isnan(a), ~np.isnan(b)
    return in_a, in_b, in_a & in_b


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else np.nan


def _short_of(n_a: int, n_b: int) -> str:
    return NO_OBSERVATIONS if min(n_a, n_b) == 0 else ONE_OBSERVATION


def _names(n_a: int, n_b: int, n_both: int, test: str) -> tuple[int, int, int, str]:
    design = "two-sample" if n_both == 0 else "paired" if n_a == n_b == n_both else "partly paired"
    return int(n_a), int(n_b), int(n_both), f"{design} {test}"


def _undecided(a: float, b: float, names: tuple[int, int, int, str], reason: str) -> Comparison:
    return _decided(a, b, np.nan, np.nan, np.nan, names, reason)


def _decided(a, b, low, high, p, names: tuple[int, int, int, str], reason: str | None = None) -> Comparison:
    return Comparison(
        float(a), float(b), float(b - a), float(low), float(high), float(min(p, 1.0)), *names, reason
    )
