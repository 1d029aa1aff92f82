"""Metrics of probabilities with their intervals: one table for any sample of predicted rows.

Values are exact. Shares of churned households have Wilson's interval; the other intervals are percentile
intervals of a bootstrap over households. In the replicates the metrics of ranking count scores in at most
2,000 bins of equal size; scores within a bin count as tied. A sample with no more distinct scores has a bin
for each, and its replicates are exact too. Resampling adds noise to the calibration error, which can only
raise it: its replicates are shifted by their mean excess over the value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from customer_success.statistics.intervals import wilson_limits

from . import rank_metrics
from .bootstrap import interval, sum_by_household, weighted_sums
from .config import RiskBands, Settings

RANK_BINS = 2000
TOP_SHARE = 0.10  # of lift_at_10pct and of recall_at_10pct_fpr
COLUMNS = ["metric", "value", "ci_low", "ci_high", "n", "positives", "note"]
_RANKING = ("roc_auc", "average_precision", "lift_at_10pct", "recall_at_10pct_fpr")
_MEANS = ("brier", "log_loss", "accuracy", "accuracy_always_no")


@dataclass(frozen=True)
class Sample:
    """Predicted rows. ``probability`` (n,), NaN where not scored; ``label`` (n,) 0/1; ``household`` (n,)
    codes 0…; ``activity``, ``days_to_left`` (n,) days, NaN where unknown, or None without such a column."""

    probability: np.ndarray
    label: np.ndarray
    household: np.ndarray
    activity: np.ndarray | None = None
    days_to_left: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> Sample:
        """Return the rows of a mask."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return replace(self, **{name: None if v is None else v[rows] for name, v in values.items()})


@dataclass(frozen=True)
class _Estimate:
    value: float
    bounds: tuple[float, float]
    n: int
    positives: int
    note: str | None = None


_NAN = float("nan")
_UNDEFINED = (_NAN, _NAN)


def metric_table(sample: Sample, weights: np.ndarray, bands: RiskBands, settings: Settings) -> pd.DataFrame:
    """Return the metrics of a sample, a row per population and metric.

    ``weights``: (households, replicates), see ``bootstrap.household_weights``. Columns: population, metric,
    value, ci_low, ci_high, n, positives, note. The population of recently active households exists where
    the sample has the activity. n and positives count rows, except for the shares of churners flagged: there
    n counts the churned households that were seen at least once in the state in question (active, or long
    before leaving), positives those of them flagged then. An undefined value is NaN, and the note says why.
    """
    rows = []
    for population, part in populations(sample, settings).items():
        for metric, estimate in _estimates(part, weights, bands, settings).items():
            rows.append({"population": population, "metric": metric, **_row(estimate)})
    return pd.DataFrame(rows, columns=["population", *COLUMNS])


def populations(sample: Sample, settings: Settings) -> dict[str, Sample]:
    """Return the sample, and where activity is known its recently active part, by name."""
    found = {"all": sample}
    if sample.activity is not None:
        active = sample.activity < settings.active_days
        found[f"active_last_{settings.active_days}_days"] = sample.take(active)
    return found


def score_groups(scores: np.ndarray, groups: int) -> np.ndarray:
    """Return a group of each row, shape (n,), 0… from the lowest scores up: at most ``groups`` of about equal
    size, equal scores together."""
    distinct, row, counts = np.unique(scores, return_inverse=True, return_counts=True)
    if len(distinct) <= groups:
        return row
    middle = np.cumsum(counts) - counts / 2
    group = np.floor(groups * middle / len(scores)).astype(np.int64)
    return np.unique(group, return_inverse=True)[1][row]


def _estimates(
    sample: Sample, weights: np.ndarray, bands: RiskBands, settings: Settings
) -> dict[str, _Estimate]:
    scored = sample.take(~np.isnan(sample.probability))
    confidence = settings.confidence
    if len(scored.label):
        estimates = _ranking(scored, weights, confidence) | _means(scored, weights, confidence)
        estimates["ece"] = _calibration_error(scored, weights, settings.bins, confidence)
    else:
        nothing = _Estimate(_NAN, _UNDEFINED, 0, 0, "undefined: no rows")
        estimates = dict.fromkeys((*_RANKING, *_MEANS, "ece"), nothing)
    estimates |= _shares(scored, len(weights), bands, settings)
    estimates["coverage"] = _coverage(sample, weights, confidence)
    return estimates


def _row(estimate: _Estimate) -> dict[str, object]:
    note = estimate.note
    if not np.isnan(estimate.value) and np.isnan(estimate.bounds[0]):
        note = "interval undefined: too few households"
    values = (estimate.value, *estimate.bounds, estimate.n, estimate.positives, note)
    return dict(zip(COLUMNS[1:], values, strict=True))


def _ranking(sample: Sample, weights: np.ndarray, confidence: float) -> dict[str, _Estimate]:
    n, positives = len(sample.label), int(sample.label.sum())
    if positives in (0, n):
        return dict.fromkeys(_RANKING, _Estimate(_NAN, _UNDEFINED, n, positives, "undefined: one class only"))
    _, score = np.unique(sample.probability, return_inverse=True)
    values = _rank_values(*_counts(score, sample.label))
    bins = score_groups(sample.probability, RANK_BINS)
    size = int(bins.max()) + 1
    row_of = bins + size * (sample.label == 0)
    counts = sum_by_household(row_of, sample.household, np.ones(n), (2 * size, len(weights)))
    parts = [_rank_values(some[:, :size], some[:, size:]) for some in weighted_sums(counts, weights)]
    replicates = np.concatenate(parts, axis=1)
    return {
        name: _Estimate(float(values[i]), interval(replicates[i], confidence), n, positives)
        for i, name in enumerate(_RANKING)
    }


def _counts(group: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = int(group.max()) + 1
    positive = np.bincount(group[label == 1], minlength=size).astype(float)
    return positive, np.bincount(group[label == 0], minlength=size).astype(float)


def _rank_values(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Return the metrics of ``_RANKING``, shape (4, ...)."""
    return np.stack(
        [
            rank_metrics.roc_auc(positive, negative),
            rank_metrics.average_precision(positive, negative),
            rank_metrics.lift(positive, negative, TOP_SHARE),
            rank_metrics.recall_at_false_positive_rate(positive, negative, TOP_SHARE),
        ]
    )


def _means(sample: Sample, weights: np.ndarray, confidence: float) -> dict[str, _Estimate]:
    """Metrics that are means over rows, in the order of ``_MEANS``."""
    label, probability = sample.label, sample.probability
    tiny = np.finfo(float).eps
    inside = np.clip(probability, tiny, 1 - tiny)
    terms = [
        (probability - label) ** 2,
        -np.log(np.where(label == 1, inside, 1 - inside)),
        (probability > 0.5) == (label == 1),
        label == 0,
    ]
    replicates = _replicated_means(terms, sample.household, weights)
    n, positives = len(label), int(label.sum())
    return {
        name: _Estimate(float(np.mean(terms[i])), interval(replicates[:, i], confidence), n, positives)
        for i, name in enumerate(_MEANS)
    }


def _calibration_error(sample: Sample, weights: np.ndarray, bins: int, confidence: float) -> _Estimate:
    """Expected calibration error: |mean predicted - observed| by bin, weighted by the bin's rows."""
    group = score_groups(sample.probability, bins)
    excess = sample.probability - sample.label
    in_bin = [np.where(group == number, excess, 0.0) for number in range(int(group.max()) + 1)]
    value = float(np.abs(np.mean(in_bin, axis=1)).sum())
    replicates = np.abs(_replicated_means(in_bin, sample.household, weights)).sum(axis=1)
    centred = np.clip(replicates - (np.nanmean(replicates) - value), 0, 1)
    return _Estimate(value, interval(centred, confidence), len(group), int(sample.label.sum()))


def _shares(sample: Sample, households: int, bands: RiskBands, settings: Settings) -> dict[str, _Estimate]:
    """Shares of the churned households that were flagged in time: still active, or long before they left."""
    lead = f"share_flagged_{settings.lead_days}d_before"
    states = {"share_flagged_while_active": None, lead: None}
    if sample.activity is not None:
        states["share_flagged_while_active"] = sample.activity < settings.active_days
    if sample.days_to_left is not None:
        states[lead] = sample.days_to_left >= settings.lead_days
    flagged = bands.flagged(sample.probability)
    return {
        name: _share(sample, households, flagged, state, settings.confidence)
        for name, state in states.items()
    }


def _share(
    sample: Sample, households: int, flagged: np.ndarray, state: np.ndarray | None, confidence: float
) -> _Estimate:
    if state is None:
        return _Estimate(_NAN, _UNDEFINED, 0, 0, "undefined: the table has no column for it")
    churned, seen, caught = np.zeros((3, households), dtype=bool)
    churned[sample.household[sample.label == 1]] = True
    seen[sample.household[state]] = True
    caught[sample.household[state & flagged]] = True
    n, found = int((churned & seen).sum()), int((churned & caught).sum())
    unseen = int(churned.sum()) - n
    note = f"{unseen} of {unseen + n} churned households were never seen so" if unseen else None
    if n == 0:
        return _Estimate(_NAN, _UNDEFINED, 0, 0, note or "undefined: no churned household")
    low, high = wilson_limits(found, n, confidence)
    return _Estimate(found / n, (float(low), float(high)), n, found, note)


def _coverage(sample: Sample, weights: np.ndarray, confidence: float) -> _Estimate:
    """Share of the rows that have a probability."""
    n = len(sample.label)
    if n == 0:
        return _Estimate(_NAN, _UNDEFINED, 0, 0, "undefined: no rows")
    scored = ~np.isnan(sample.probability)
    replicates = _replicated_means([scored], sample.household, weights)[:, 0]
    return _Estimate(float(scored.mean()), interval(replicates, confidence), n, int(sample.label.sum()))


def _replicated_means(terms: list[np.ndarray], household: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the means of terms, each (n,), over the rows of each replicate, shape (replicates, terms)."""
    terms = [*terms, np.ones(len(household))]
    sums = [np.bincount(household, weights=term, minlength=len(weights)) for term in terms]
    totals = np.concatenate(list(weighted_sums(np.vstack(sums), weights)))
    rows = totals[:, -1:]
    return totals[:, :-1] / np.where(rows > 0, rows, np.nan)
