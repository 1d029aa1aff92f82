"""Confidence intervals of metric values: shares, NPS, means, ratios of money.

The plural forms take columns (numpy or pandas, one entry per metric value) and return a data frame with
`value`, `ci_low`, `ci_high`, `n`, `ci_method`, `reason`; the singular forms take one sample and return an
`Interval`. No interval comes from fewer than two observations, nor from observations that are all alike
(shares and NPS apart, whose intervals hold there too): its ends are NaN and `reason` is set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from .resampling import bca_intervals, replicate_sums

UNKNOWN = "unknown"
NO_OBSERVATIONS = "no observations"
ONE_OBSERVATION = "one observation"
NO_VARIATION = "all observations are alike"
ZERO_DENOMINATOR = "the denominator is zero"
FEW_EFFECTIVE = "too few households carry the denominator"

MINIMUM_EFFECTIVE_HOUSEHOLDS = 30
PSEUDO_RESPONSES, PSEUDO_SHARE = 3.0, 0.75
_GROUPS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval, in the unit of the value; missing ends are NaN, with a reason."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    method: str
    reason: str | None


def share_intervals(successes, n, *, confidence: float = 0.95) -> pd.DataFrame:
    """Shares (0-1) of `successes` among `n`, with score intervals (Wilson 1927).

    ValueError where successes are not within 0 and n. An unknown (null) count gives an unknown share.
    """
    k, total, index = _counts(successes, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / total
        low, high = wilson_limits(k, total, confidence)
    return _table(index, share, low, high, total, "wilson", _too_few(share, total))


def nps_intervals(promoters, detractors, n, *, confidence: float = 0.95) -> pd.DataFrame:
    """Net promoter scores (-100 to 100) with adjusted Wald intervals (Rocks 2016; Agresti and Coull 1998).

    Three pseudo-responses are added: 3/4 promoters, 3/4 detractors, the rest passives; ends are clipped to
    +-100. Exact coverage over all shares in steps of .02, none of them 0: .950 in the mean at n = 30, 100 and
    1,000, and at the least .934, .945 and .949. Where one kind of answer never occurs it falls to .903 at n =
    30. ValueError where promoters or detractors are negative or exceed n together.
    """
    up, _, index = _counts(promoters, n)
    down, total, _ = _counts(detractors, n)
    if np.any(up + down > total):
        raise ValueError("more promoters and detractors than responses")
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (up - down) / total
    p = (up + PSEUDO_SHARE) / (total + PSEUDO_RESPONSES)
    d = (down + PSEUDO_SHARE) / (total + PSEUDO_RESPONSES)
    half = _z(confidence) * np.sqrt((p + d - (p - d) ** 2) / (total + PSEUDO_RESPONSES))
    low, high = np.maximum(p - d - half, -1), np.minimum(p - d + half, 1)
    reason = _too_few(score, total)
    return _table(index, 100 * score, 100 * low, 100 * high, total, "adjusted_wald", reason)


def mean_intervals(mean, standard_deviation, n, *, confidence: float = 0.95) -> pd.DataFrame:
    """Means with t intervals (Student 1908), from mean, sample standard deviation (n - 1) and n of each."""
    average, spread, total = _floats(mean), _floats(standard_deviation), _floats(n)
    if np.any(total < 0) or np.any(spread < 0):
        raise ValueError("n and standard deviation are at least 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stdtrit(total - 1, (1 + confidence) / 2) * spread / np.sqrt(total)
    value = np.where(total > 0, average, np.nan)
    reason = _too_few(value, total)
    has_reason = reason.astype(bool)
    reason[~has_reason & np.isnan(spread)] = UNKNOWN
    reason[~has_reason & (spread <= 1e-12 * np.abs(value))] = NO_VARIATION
    return _table(_index(mean), value, average - half, average + half, total, "t", reason)


def ratio_intervals(
    numerator,
    denominator,
    household,
    group=None,
    *,
    seed: int,
    replicates: int = 1000,
    confidence: float = 0.95,
    minimum: float = MINIMUM_EFFECTIVE_HOUSEHOLDS,
) -> pd.DataFrame:
    """Ratios of sums (say of money) with bootstrap intervals over households (BCa: Efron 1987).

    One row per household, or several that belong together (its tickets); `group` says which ratio a row
    belongs to. The order of the rows does not matter. Households that are whole numbers (from 0; dense ones
    cost least) are drawn by them, the same in each call that a household is part of; others by their order in
    this one. Returns one row per group, in its order, with
    households as `n` and `effective_n` = (sum d)^2 / sum d^2 over the households' denominators (Kish 1965):
    by how many households of one size the denominator is carried. Fewer than `minimum` and there is no
    interval.

    Measured coverage: .92 to .97 where households pay alike (n = 50 and more, some 10% moving); .86 to .91
    where 5% of them pay six times as much (n = 150 to 500), less still where a few accounts dominate: a
    resample of the accounts that happened not to move cannot know that they might. ValueError where a value
    is missing or a denominator or a household's number negative.
    """
    rows = pd.DataFrame({"numerator": _floats(numerator), "denominator": _floats(denominator)})
    rows["household"] = _numbered(np.asarray(household))
    groups, rows["group"] = np.unique(
        np.zeros(len(rows), dtype=int) if group is None else np.asarray(group), return_inverse=True
    )
    if rows.isna().any(axis=None) or (rows["denominator"] < 0).any():
        raise ValueError("numerators and denominators are known, denominators at least 0")
    if (rows["household"] < 0).any():
        raise ValueError("numbers of households are at least 0")
    rows = rows.sort_values(["group", "household", "numerator", "denominator"], ignore_index=True)
    rows = rows.groupby(["group", "household"], as_index=False).sum()
    settings = {"replicates": replicates, "seed": seed}
    parts = [
        _ratios(part.assign(group=part["group"] % _GROUPS_AT_ONCE), settings, confidence, minimum)
        for _, part in rows.groupby(rows["group"] // _GROUPS_AT_ONCE)
    ]
    empty = _table(None, *[np.empty(0)] * 4, "", np.empty(0, dtype=object)).assign(effective_n=0.0)
    return pd.concat(parts, ignore_index=True).set_axis(groups) if parts else empty


def bootstrap_mean_intervals(values, household, group=None, **settings) -> pd.DataFrame:
    """Means over rows with bootstrap intervals over households, whose rows resemble each other.

    `settings` and result as for `ratio_intervals`: a mean is the ratio of the sum to the number of rows.
    """
    known = _floats(values)
    return ratio_intervals(known, np.ones(len(known)), household, group, **settings)


def share_interval(successes: float, n: float, *, confidence: float = 0.95) -> Interval:
    """As `share_intervals`, of one share."""
    return _first(share_intervals([successes], [n], confidence=confidence))


def nps_interval(promoters: float, detractors: float, n: float, *, confidence: float = 0.95) -> Interval:
    """As `nps_intervals`, of one score."""
    return _first(nps_intervals([promoters], [detractors], [n], confidence=confidence))


def mean_interval(values, *, confidence: float = 0.95) -> Interval:
    """As `mean_intervals`, of one sample; unknown (NaN) values are left out."""
    known = _floats(values)
    known = known[~np.isnan(known)]
    mean = known.mean() if len(known) else np.nan
    spread = known.std(ddof=1) if len(known) > 1 else np.nan
    return _first(mean_intervals([mean], [spread], [len(known)], confidence=confidence))


def ratio_interval(numerator, denominator, **settings) -> Interval:
    """As `ratio_intervals`, of one ratio: an entry per household, in a fixed order (draws go by position)."""
    one = np.zeros(len(numerator), dtype=int)
    return _first(ratio_intervals(numerator, denominator, np.arange(len(one)), one, **settings))


def bootstrap_mean_interval(values, household, **settings) -> Interval:
    """As `bootstrap_mean_intervals`, of one mean."""
    return _first(bootstrap_mean_intervals(values, household, np.zeros(len(values), dtype=int), **settings))


def wilson_limits(successes: np.ndarray, n: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the score interval (Wilson 1927); NaN where n is 0."""
    z = _z(confidence)
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0, share), np.clip(centre + half, share, 1)


def effective_number(weights: np.ndarray) -> float:
    """Number of equal weights that would vary as much: (sum w)^2 / sum w^2 (Kish 1965); 0 without any."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _ratios(rows: pd.DataFrame, settings: dict, confidence: float, minimum: float) -> pd.DataFrame:
    """As `ratio_intervals`, of rows with one household each and groups numbered from 0 without a gap."""
    group, household = rows["group"].to_numpy(), rows["household"].to_numpy()
    y, x = rows["numerator"].to_numpy(), rows["denominator"].to_numpy()
    groups = int(group.max()) + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = [replicate_sums(group, household, of, groups, **settings) for of in (y, x)]
        ratios = np.where(sums[1] > 0, sums[0] / sums[1], np.nan)
        value = ratios[:, 0]
        effective = sums[1][:, 0] ** 2 / np.bincount(group, x**2, groups)
        influence = y - value[group] * x
        scale = np.bincount(group, influence**2, groups)
        acceleration = np.bincount(group, influence**3, groups) / (6 * scale**1.5)
    alike = scale <= 1e-18 * np.bincount(group, np.maximum(y**2, x**2), groups)
    n = np.bincount(group, minlength=groups).astype(float)
    reason = _too_few(n, n)
    for holds, why in (
        (np.isnan(value), ZERO_DENOMINATOR),
        (alike, NO_VARIATION),
        (effective < minimum, FEW_EFFECTIVE),
    ):
        reason[holds & ~reason.astype(bool)] = why
    low, high = np.full((2, groups), np.nan)
    sound = ~reason.astype(bool)
    if sound.any():
        low[sound], high[sound] = bca_intervals(
            ratios[sound, 1:], value[sound], acceleration[sound], confidence
        )
    table = _table(None, value, low, high, n, "bootstrap_households", reason)
    return table.assign(effective_n=np.nan_to_num(effective))


def _numbered(household: np.ndarray) -> np.ndarray:
    """Whole numbers as they are, other names by their order."""
    if np.issubdtype(household.dtype, np.integer):
        return household
    return np.unique(household, return_inverse=True)[1]


def _too_few(value: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Why there is no interval: null, unless n is unknown, 0 or 1, or the value is unknown."""
    reason = np.full(len(n), None, dtype=object)
    reason[np.isnan(value) | np.isnan(n)] = UNKNOWN
    reason[n == 0] = NO_OBSERVATIONS
    reason[n == 1] = ONE_OBSERVATION
    return reason


def _table(index, value, low, high, n, method: str, reason: np.ndarray) -> pd.DataFrame:
    silent = reason.astype(bool)
    columns = {
        "value": value,
        "ci_low": np.where(silent, np.nan, low),
        "ci_high": np.where(silent, np.nan, high),
        "n": n,
        "ci_method": method,
        "reason": reason,
    }
    return pd.DataFrame(columns, index=index)


def _first(table: pd.DataFrame) -> Interval:
    if table.empty:
        return Interval(np.nan, np.nan, np.nan, 0, "none", NO_OBSERVATIONS)
    row = table.iloc[0]
    return Interval(
        float(row["value"]),
        float(row["ci_low"]),
        float(row["ci_high"]),
        int(row["n"]),
        row["ci_method"],
        row["reason"],
    )


def _counts(part, whole) -> tuple[np.ndarray, np.ndarray, pd.Index | None]:
    counts, total = _floats(part), _floats(whole)
    if np.any(counts < 0) or np.any(counts > total):
        raise ValueError("counts lie within 0 and n")
    return counts, total, _index(part)


def _floats(column) -> np.ndarray:
    return pd.Series(column).to_numpy(dtype=float, na_value=np.nan)


def _index(column) -> pd.Index | None:
    return column.index if isinstance(column, pd.Series) else None


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return float(ndtri((1 + confidence) / 2))
