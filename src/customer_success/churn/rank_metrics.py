"""Metrics of ranking from counts by score: exact where each distinct score has a bin of its own.

All functions take ``positive`` and ``negative``, the (weighted) counts of rows by score, lowest score first,
shape (..., bins), and work along the last axis; leading axes are replicates. Undefined values are NaN.
Rows with one score are one bin: a tie is broken by chance, and the expected value is returned.
"""

from __future__ import annotations

import numpy as np


def roc_auc(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve: P(score of a positive > of a negative) + half that of a tie."""
    below = np.cumsum(negative, axis=-1) - negative
    concordant = (positive * (below + negative / 2)).sum(axis=-1)
    return _ratio(concordant, positive.sum(axis=-1) * negative.sum(axis=-1))


def average_precision(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Return the mean of precision over the positives, as scikit-learn's ``average_precision_score``."""
    found = _from_top(positive)
    precision = _ratio(found, found + _from_top(negative))
    return _ratio(np.where(positive > 0, positive * precision, 0).sum(axis=-1), positive.sum(axis=-1))


def lift(positive: np.ndarray, negative: np.ndarray, share: float) -> np.ndarray:
    """Return the rate of positives among the top ``share`` of rows, divided by the rate among all."""
    total = positive + negative
    reached = share * total.sum(axis=-1)
    before = _from_top(total) - total
    part = np.clip(_ratio(reached[..., None] - before, total), 0, 1)
    found = np.where(total > 0, part * positive, 0).sum(axis=-1)
    return _ratio(found, share * positive.sum(axis=-1))


def recall_at_false_positive_rate(positive: np.ndarray, negative: np.ndarray, rate: float) -> np.ndarray:
    """Return the share of positives above the threshold that lets ``rate`` of the negatives through.

    Within a bin, positives and negatives pass in equal shares (a straight line on the ROC curve); bins
    without negatives are passed whole within the allowed rate, so that the largest recall is taken.
    """
    allowed = rate * negative.sum(axis=-1)[..., None]
    before = _from_top(negative) - negative
    part = np.where(negative > 0, np.clip(_ratio(allowed - before, negative), 0, 1), before <= allowed)
    undefined = negative.sum(axis=-1) <= 0
    recall = _ratio((part * positive).sum(axis=-1), positive.sum(axis=-1))
    return np.where(undefined, np.nan, recall)


def _from_top(counts: np.ndarray) -> np.ndarray:
    return np.flip(np.cumsum(np.flip(counts, -1), axis=-1), -1)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    above, below = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)
