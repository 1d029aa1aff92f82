"""The table of metrics: values by hand or scikit-learn, intervals against resampling rows outright."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from churn_panels import BANDS
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from customer_success.churn import RiskBand, RiskBands, Settings, interval_width
from customer_success.churn import metrics as module
from customer_success.churn.bootstrap import household_weights, interval
from customer_success.churn.calibration_table import calibration_table
from customer_success.churn.metrics import Sample, metric_table, score_groups

SETTINGS = Settings()


def simulated(households: int, rows_each: int, seed: int) -> Sample:
    rng = np.random.default_rng(seed)
    household = np.repeat(np.arange(households), rows_each)
    own = np.repeat(rng.normal(size=households), rows_each)
    logit = -1.5 + own + 0.3 * rng.normal(size=len(own))
    probability = 1 / (1 + np.exp(-logit))
    label = (rng.random(len(own)) < probability).astype(np.int8)
    return Sample(probability, label, household, activity=rng.integers(0, 20, len(own)).astype(float))


def table_of(sample: Sample, replicates: int = 100) -> pd.DataFrame:
    weights = household_weights(int(sample.household.max()) + 1, replicates, seed=1)
    return metric_table(sample, weights, BANDS, SETTINGS).set_index(["population", "metric"])


def test_values_are_the_textbook_ones():
    sample = simulated(300, 3, seed=0)
    found = table_of(sample)["value"]["all"]
    label, probability = sample.label, sample.probability
    assert found["roc_auc"] == pytest.approx(roc_auc_score(label, probability), abs=1e-12)
    assert found["brier"] == pytest.approx(brier_score_loss(label, probability), abs=1e-12)
    assert found["log_loss"] == pytest.approx(log_loss(label, probability), abs=1e-12)
    assert found["accuracy"] == pytest.approx(np.mean((probability > 0.5) == label))
    assert found["accuracy_always_no"] == pytest.approx(1 - label.mean())
    assert found["coverage"] == 1
    top = np.argsort(-probability)[:90]
    assert found["lift_at_10pct"] == pytest.approx(label[top].mean() / label.mean())


def test_calibration_error_by_hand():
    probability = np.repeat([0.1, 0.3, 0.8], 10)
    label = np.array([0] * 8 + [1] * 2 + [0] * 7 + [1] * 3 + [0] * 5 + [1] * 5)
    found = table_of(Sample(probability, label, np.arange(30)))
    assert found.loc[("all", "ece"), "value"] == pytest.approx((0.1 + 0.0 + 0.3) / 3)


def test_a_perfectly_calibrated_forecast_has_little_calibration_error():
    found = table_of(simulated(4000, 3, seed=5)).loc[("all", "ece")]
    assert found.ci_low <= found.value <= found.ci_high and found.value < 0.02


@pytest.mark.parametrize(
    "metric", ["roc_auc", "average_precision", "brier", "log_loss", "recall_at_10pct_fpr"]
)
def test_replicates_are_those_of_resampled_rows(metric, monkeypatch):
    sample = simulated(60, 4, seed=2)
    weights = household_weights(60, 7, seed=3)
    seen = {}
    monkeypatch.setattr(
        module, "interval", lambda replicates, _: (seen.setdefault("all", []).append(replicates), (0, 0))[1]
    )
    order = list(metric_table(sample, weights, BANDS, SETTINGS)["metric"][:8])
    position = order.index(metric)
    for replicate in range(7):
        rows = np.repeat(np.arange(240), weights[sample.household, replicate])
        drawn = Sample(sample.probability[rows], sample.label[rows], sample.household[rows])
        expected = metric_table(drawn, weights, BANDS, SETTINGS).set_index("metric")["value"][metric]
        assert seen["all"][position][replicate] == pytest.approx(expected, abs=1e-12)


def test_binned_replicates_are_close_to_exact_ones(monkeypatch):
    sample = simulated(2500, 4, seed=4)
    binned = table_of(sample)
    monkeypatch.setattr(module, "RANK_BINS", 10**9)
    exact = table_of(sample)
    columns = ["value", "ci_low", "ci_high"]
    for metric, tolerance in [("roc_auc", 2e-5), ("recall_at_10pct_fpr", 1e-3), ("average_precision", 1e-3)]:
        one, other = binned.loc[("all", metric), columns], exact.loc[("all", metric), columns]
        np.testing.assert_allclose(one.astype(float), other.astype(float), atol=tolerance)


def test_households_not_rows_are_drawn():
    """Repeating every row of each household must not narrow the interval."""
    once = simulated(200, 1, seed=6)
    often = Sample(np.repeat(once.probability, 9), np.repeat(once.label, 9), np.repeat(once.household, 9))
    narrow, wide = table_of(often).loc[("all", "brier")], table_of(once).loc[("all", "brier")]
    assert narrow.ci_low == pytest.approx(wide.ci_low) and narrow.ci_high == pytest.approx(wide.ci_high)


def test_interval_covers_the_true_auc():
    truth = roc_auc_score(
        *[getattr(simulated(200_000, 1, seed=7), name) for name in ("label", "probability")]
    )
    covered = 0
    for seed in range(60):
        row = table_of(simulated(150, 3, seed=100 + seed), replicates=200).loc[("all", "roc_auc")]
        covered += row.ci_low <= truth <= row.ci_high
    assert covered >= 51  # of 60; under .95 a smaller number has a probability of .004


def test_one_class_is_undefined_and_reported():
    found = table_of(Sample(np.array([0.1, 0.2, 0.3]), np.zeros(3, dtype=np.int8), np.arange(3)))
    for metric in ("roc_auc", "average_precision", "lift_at_10pct", "recall_at_10pct_fpr"):
        row = found.loc[("all", metric)]
        assert np.isnan(row.value) and np.isnan(row.ci_low) and row.note == "undefined: one class only"
    assert found.loc[("all", "brier"), "value"] == pytest.approx((0.01 + 0.04 + 0.09) / 3)
    assert np.isnan(found.loc[("all", "share_flagged_while_active"), "value"])


def test_rows_without_probability_count_in_coverage_alone():
    sample = simulated(100, 2, seed=8)
    gaps = sample.probability.copy()
    gaps[::4] = np.nan
    found = table_of(Sample(gaps, sample.label, sample.household))
    assert found.loc[("all", "coverage"), "value"] == 0.75
    assert found.loc[("all", "coverage"), "n"] == 200
    assert found.loc[("all", "brier"), "n"] == 150
    nothing = table_of(Sample(np.full(200, np.nan), sample.label, sample.household))
    assert nothing.loc[("all", "coverage"), "value"] == 0
    assert nothing.loc[("all", "brier"), "note"] == "undefined: no rows"


def test_population_of_recently_active_households():
    sample = simulated(300, 2, seed=9)
    found = table_of(sample)
    inside = sample.activity < 7  # 0 to 6: the window of 7 days that ends on the snapshot
    row = found.loc[("active_last_7_days", "roc_auc")]
    assert row.n == inside.sum() and row.positives == sample.label[inside].sum()
    assert row.value == pytest.approx(roc_auc_score(sample.label[inside], sample.probability[inside]))
    without = Sample(sample.probability, sample.label, sample.household)
    assert set(table_of(without).index.get_level_values(0)) == {"all"}


def test_share_of_churners_flagged_by_hand():
    # household 0: flagged while active, 35 days before it left; 1: flagged too late; 2: never flagged;
    # 3: never seen active; 4: flagged but stayed
    sample = Sample(
        probability=np.array([0.50, 0.90, 0.20, 0.60, 0.35, 0.10, 0.99, 0.99]),
        label=np.array([0, 1, 0, 1, 0, 1, 1, 0]),
        household=np.array([0, 0, 1, 1, 2, 2, 3, 4]),
        activity=np.array([2, 9, 1, 7, 0, 3, 20, 1.0]),
        days_to_left=np.array([35, 7, 40, 12, 30, 2, 5, np.nan]),
    )
    found = table_of(sample)
    active = found.loc[("all", "share_flagged_while_active")]
    assert (active.value, active.n, active.positives) == (pytest.approx(1 / 3), 3, 1)
    assert active.note == "1 of 4 churned households were never seen so"
    assert active.ci_low == pytest.approx(0.0615, abs=1e-4) and active.ci_high == pytest.approx(
        0.7923, abs=1e-4
    )
    lead = found.loc[("all", "share_flagged_30d_before")]
    assert (lead.value, lead.n, lead.positives) == (pytest.approx(1 / 3), 3, 1)


def test_groups_are_equal_in_size_and_never_part_a_tie():
    scores = np.arange(1000.0)
    assert set(np.bincount(score_groups(scores, 10))) == {100}
    tied = np.repeat([1.0, 2.0, 3.0], [10, 80, 10])
    assert np.bincount(score_groups(tied, 10)).tolist() == [10, 80, 10]
    assert score_groups(np.full(50, 0.3), 10).tolist() == [0] * 50
    assert (np.diff(score_groups(np.sort(np.random.default_rng(0).random(997)), 10)) >= 0).all()


def test_calibration_table_by_hand():
    sample = Sample(
        np.repeat([0.1, 0.6], 4), np.array([0, 0, 0, 1, 1, 0, 1, 1]), np.array([0, 0, 1, 1, 2, 3, 4, 5])
    )
    found = calibration_table(sample, bins=10, confidence=0.95)
    assert found["mean_predicted"].tolist() == pytest.approx([0.1, 0.6])
    assert found["observed"].tolist() == [0.25, 0.75]
    assert found["n"].tolist() == [4, 4] and found["households"].tolist() == [2, 4]
    wide, narrow = found["ci_high"] - found["ci_low"]
    assert wide > narrow  # two households say less than four
    width = interval_width(found, np.array([0.0, 0.1, 0.3, 0.6, 0.9]))
    assert width.tolist() == pytest.approx([wide, wide, narrow, narrow, narrow])


def test_intervals_of_replicates():
    assert interval(np.arange(101.0), 0.9) == pytest.approx((5.0, 95.0))
    assert np.isnan(interval(np.array([1.0] * 8 + [np.nan] * 2), 0.95)[0])
    assert interval(np.array([1.0] * 9 + [np.nan]), 0.95) == (1.0, 1.0)


def test_bands_include_their_upper_end_and_zero():
    probability = np.array([0.0, 0.15, 0.15000001, 0.35, 0.36, 0.55, 0.5500001, 1.0])
    low, medium, high, critical = (band.segment for band in BANDS.bands)
    assert BANDS.segments(probability).tolist() == [low, low, medium, medium, high, high, critical, critical]
    assert BANDS.flagged(probability).tolist() == [False] * 4 + [True] * 4


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [RiskBand(0.5, "low", False)],
        [RiskBand(None, "low", False), RiskBand(None, "high", True)],
        [RiskBand(0.5, "low", False), RiskBand(0.5, "middle", False), RiskBand(None, "high", True)],
        [RiskBand(1.5, "low", False), RiskBand(None, "high", True)],
    ],
)
def test_bands_that_leave_gaps_are_refused(bands):
    with pytest.raises(ValueError, match="risk bands"):
        RiskBands(bands)
