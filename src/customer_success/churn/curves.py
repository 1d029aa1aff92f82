"""ROC, precision-recall and lift of the candidates on the test snapshots, as points with bands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .bootstrap import household_weights, interval, sum_by_household, weighted_sums
from .evaluate import predict_test
from .fit import Fitted
from .metrics import RANK_BINS, Sample, populations, score_groups
from .table import Snapshots, Table, read_table

ROC, PRECISION_RECALL, LIFT = "roc", "precision_recall", "lift"
GRID = np.linspace(0, 1, 101)
COLUMNS = ["candidate", "population", "curve", "x", "y", "ci_low", "ci_high", "n", "positives"]


def performance_curves(fitted: Fitted, table: Table | Snapshots) -> pd.DataFrame:
    """Return the curves of every candidate on the test snapshots of the table it was fitted on.

    A row per candidate, population (as in ``metrics.metric_table``), curve and x, at most 101 of them:

    * ``roc``: x the share of those who stayed that is flagged, y the share of those who left that is.
    * ``precision_recall``: x the share of those who left that is flagged, y the share that left of the
      flagged.
    * ``lift``: x the share of all that is flagged, highest probabilities first, y the rate of leaving among
      them over the rate among all.

    ``ci_low``, ``ci_high``: percentile interval at each x of a bootstrap over households, not a band for the
    whole curve; replicates as in ``metrics``. n and positives count rows. No rows where nothing was fitted,
    nor for a population of one class only. Raises ValueError as ``evaluate``.
    """
    if fitted.abstention:
        return pd.DataFrame(columns=COLUMNS)
    data, settings = read_table(table, fitted.spec), fitted.settings
    weights = household_weights(len(data.ids), settings.bootstrap, settings.seed)
    parts = [
        _of_sample(part, weights, settings.confidence).assign(candidate=name, population=population)
        for name, sample in predict_test(fitted, data).items()
        for population, part in populations(sample, settings).items()
        if 0 < part.label.sum() < len(part.label)
    ]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def curve_points(positive: np.ndarray, negative: np.ndarray) -> dict[str, np.ndarray]:
    """Return y at each x of ``GRID`` by curve, each (101,), NaN where undefined.

    ``positive``, ``negative``: (weighted) counts of rows by score, lowest score first, shape (bins,). Within
    a bin, positives and negatives pass in equal shares, which is a straight line in ROC and lift, and in
    precision-recall the curve of Davis and Goadrich (2006).
    """
    found = np.append(0.0, np.cumsum(positive[::-1]))
    wrong = np.append(0.0, np.cumsum(negative[::-1]))
    left, stayed = found[-1], wrong[-1]
    if not (left and stayed):
        return dict.fromkeys((ROC, PRECISION_RECALL, LIFT), np.full(len(GRID), np.nan))
    # Rounded, so that a share of a count that is a whole number stays one. Of equal ends the far one holds in
    # ROC (nothing more is flagged wrongly), the near one in precision-recall (nothing more is found).
    reached = np.round(GRID * left, 9)
    wrong_by_then = np.interp(-reached, -found[::-1], wrong[::-1])
    with np.errstate(invalid="ignore"):
        return {
            ROC: np.interp(np.round(GRID * stayed, 9), wrong, found) / left,
            PRECISION_RECALL: np.where(GRID > 0, reached / (reached + wrong_by_then), np.nan),
            LIFT: np.interp(GRID * (left + stayed), found + wrong, found) / left / GRID,
        }


def _of_sample(sample: Sample, weights: np.ndarray, confidence: float) -> pd.DataFrame:
    """Return the points of all curves of one sample."""
    exact = np.unique(sample.probability, return_inverse=True)[1]
    n, positives = len(sample.label), int(sample.label.sum())
    points = curve_points(*(np.bincount(exact[sample.label == y], minlength=exact.max() + 1) for y in (1, 0)))
    replicates = _replicates(sample, weights)
    tables = []
    for curve, y in points.items():
        drawn = np.array([replicate[curve] for replicate in replicates])
        low, high = np.transpose([interval(at, confidence) for at in drawn.T])
        of_curve = pd.DataFrame({"curve": curve, "x": GRID, "y": y, "ci_low": low, "ci_high": high})
        tables.append(of_curve[of_curve["y"].notna()])
    return pd.concat(tables).assign(n=n, positives=positives)


def _replicates(sample: Sample, weights: np.ndarray) -> list[dict[str, np.ndarray]]:
    bins = score_groups(sample.probability, RANK_BINS)
    size = int(bins.max()) + 1
    row_of = bins + size * (sample.label == 0)
    counts = sum_by_household(row_of, sample.household, np.ones(len(bins)), (2 * size, len(weights)))
    return [
        curve_points(replicate[:size], replicate[size:])
        for some in weighted_sums(counts, weights)
        for replicate in some
    ]
