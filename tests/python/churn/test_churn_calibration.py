"""Calibrators: they recover what was distorted, and never reverse a ranking."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from customer_success.churn.calibrate import IsotonicCalibrator, NoCalibration, SigmoidCalibrator, cross_fit


def distorted(n: int, seed: int, slope: float = 2.5, shift: float = -1.0):
    rng = np.random.default_rng(seed)
    true = rng.normal(-2, 1, n)
    label = (rng.random(n) < expit(true)).astype(np.int8)
    return true * slope + shift, label, expit(true)


@pytest.mark.parametrize("make", [SigmoidCalibrator, IsotonicCalibrator])
def test_distortion_is_undone(make):
    log_odds, label, true = distorted(40_000, seed=0)
    found = make().fit(log_odds, label).predict(log_odds)
    assert np.mean(np.abs(found - true)) < 0.01 < np.mean(np.abs(expit(log_odds) - true))


def test_sigmoid_is_logistic_regression_on_smoothed_labels():
    log_odds, label, _ = distorted(300, seed=1)
    positives, negatives = label.sum(), (1 - label).sum()
    target = np.where(label == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    twice = np.concatenate([log_odds, log_odds])[:, None]
    outcome = np.repeat([1, 0], len(label))
    weight = np.concatenate([target, 1 - target])
    other = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000).fit(twice, outcome, sample_weight=weight)
    found = SigmoidCalibrator().fit(log_odds, label)
    assert found.slope == pytest.approx(other.coef_[0, 0], rel=1e-4)
    assert found.intercept == pytest.approx(other.intercept_[0], rel=1e-4)


def test_scores_that_point_the_wrong_way_give_one_probability():
    log_odds, label, _ = distorted(2000, seed=2)
    found = SigmoidCalibrator().fit(-log_odds, label).predict(np.array([-3.0, 0.0, 5.0]))
    assert np.ptp(found) < 1e-12 and found[0] == pytest.approx(label.mean(), abs=1e-3)


def test_constant_scores_give_the_base_rate():
    label = np.array([1] * 30 + [0] * 270, dtype=np.int8)
    found = SigmoidCalibrator().fit(np.zeros(300), label).predict(np.zeros(1))
    assert found[0] == pytest.approx(0.1, abs=0.005)
    assert NoCalibration().fit(np.zeros(3), label[:3]).predict(logit([0.2, 0.7])) == pytest.approx([0.2, 0.7])


def test_calibrators_of_a_fold_never_saw_it():
    log_odds, label, _ = distorted(1000, seed=3)
    fold = np.arange(1000) % 5
    before = cross_fit(SigmoidCalibrator, log_odds, label, fold)
    flipped = label.copy()
    flipped[fold == 2] = 1 - flipped[fold == 2]
    after = cross_fit(SigmoidCalibrator, log_odds, flipped, fold)
    np.testing.assert_array_equal(before[fold == 2], after[fold == 2])
    assert not np.allclose(before[fold != 2], after[fold != 2])
