"""Metrics of ranking against scikit-learn and against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from customer_success.churn import rank_metrics


def counts(scores, labels, weights):
    distinct, group = np.unique(scores, return_inverse=True)
    size = len(distinct)
    positive = np.bincount(group, weights=weights * (labels == 1), minlength=size)
    return positive, np.bincount(group, weights=weights * (labels == 0), minlength=size)


rows = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 3)), min_size=2, max_size=80
).filter(lambda r: sum(w for _, y, w in r if y) > 0 and sum(w for _, y, w in r if not y) > 0)


def arrays(found):
    scores, labels, weights = (np.array(column) for column in zip(*found, strict=True))
    return scores.astype(float), labels.astype(int), weights.astype(float)


@given(rows)
def test_auc_and_average_precision_are_those_of_scikit_learn_with_ties_and_weights(found):
    scores, labels, weights = arrays(found)
    positive, negative = counts(scores, labels, weights)
    auc = roc_auc_score(labels, scores, sample_weight=weights)
    assert rank_metrics.roc_auc(positive, negative) == pytest.approx(auc, abs=1e-12)
    precision = average_precision_score(labels, scores, sample_weight=weights)
    assert rank_metrics.average_precision(positive, negative) == pytest.approx(precision, abs=1e-12)


@given(rows)
def test_a_weight_is_a_repeated_row(found):
    scores, labels, weights = arrays(found)
    once = counts(scores, labels, weights)
    times = weights.astype(int)
    repeated = counts(np.repeat(scores, times), np.repeat(labels, times), np.ones(times.sum()))
    for metric in (
        rank_metrics.roc_auc,
        rank_metrics.average_precision,
        lambda p, n: rank_metrics.lift(p, n, 0.1),
        lambda p, n: rank_metrics.recall_at_false_positive_rate(p, n, 0.1),
    ):
        assert metric(*once) == pytest.approx(metric(*repeated), abs=1e-12)


def test_lift_by_hand():
    labels = np.array([1, 1, 0, 1] + [0] * 16)
    positive, negative = counts(-np.arange(20.0), labels, np.ones(20))
    assert rank_metrics.lift(positive, negative, 0.10) == pytest.approx((2 / 2) / (3 / 20))
    assert rank_metrics.lift(positive, negative, 0.20) == pytest.approx((3 / 4) / (3 / 20))
    assert rank_metrics.lift(positive, negative, 0.05) == pytest.approx((1 / 1) / (3 / 20))
    # between two rows: half of the third row, which is no churner
    assert rank_metrics.lift(positive, negative, 0.125) == pytest.approx((2 / 2.5) / (3 / 20))


def test_recall_by_hand():
    # from the top: + - + then 9 more negatives with a positive at the very end
    labels = np.array([1, 0, 1] + [0] * 9 + [1])
    positive, negative = counts(-np.arange(13.0), labels, np.ones(13))
    assert rank_metrics.recall_at_false_positive_rate(positive, negative, 0.10) == pytest.approx(2 / 3)
    assert rank_metrics.recall_at_false_positive_rate(positive, negative, 0.05) == pytest.approx(1 / 3)
    assert rank_metrics.recall_at_false_positive_rate(positive, negative, 1.0) == 1


def test_ties_are_broken_by_chance():
    everything = np.array([3.0]), np.array([7.0])
    assert rank_metrics.roc_auc(*everything) == 0.5
    assert rank_metrics.lift(*everything, 0.1) == pytest.approx(1)
    assert rank_metrics.recall_at_false_positive_rate(*everything, 0.1) == pytest.approx(0.1)


@pytest.mark.parametrize(("positive", "negative"), [([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0])])
def test_one_class_is_undefined(positive, negative):
    positive, negative = np.array(positive), np.array(negative)
    assert np.isnan(rank_metrics.roc_auc(positive, negative))
    assert np.isnan(rank_metrics.recall_at_false_positive_rate(positive, negative, 0.1))


def test_replicates_are_shown_side_by_side():
    rng = np.random.default_rng(0)
    positive, negative = rng.integers(0, 5, (2, 6, 9)).astype(float)
    stacked = rank_metrics.roc_auc(positive, negative)
    singly = [rank_metrics.roc_auc(p, n) for p, n in zip(positive, negative, strict=True)]
    np.testing.assert_allclose(stacked, singly)
