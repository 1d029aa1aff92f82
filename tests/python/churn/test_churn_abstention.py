"""Runs that must not predict: noise, shuffled labels, too few churners, nothing to learn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from churn_panels import BANDS, FAST, SPEC, panel

from customer_success.churn import ChurnSpec, evaluate, fit, score
from customer_success.churn.evaluate import abstention

# two folds instead of five, a quarter of the trees: the test of skill does not depend on them
ALONE = replace(
    FAST, candidates=("gradient_boosting",), folds=2, trees=50, importance_rows=300, importance_repeats=1
)
SMALLER = replace(ALONE, min_churned_training=30, min_churned_test=20)
SEEDS = range(20)


def run(table: pd.DataFrame, settings=ALONE):
    evaluation = evaluate(fit(table, SPEC, settings), table, BANDS)
    today = table[table.snapshot_date == table.snapshot_date.max()]
    return evaluation, score(evaluation.model, today, SPEC, BANDS)


def abstains(table: pd.DataFrame) -> bool:
    evaluation, predictions = run(table, SMALLER)
    assert len(evaluation.metrics), "it was fitted and evaluated"
    if evaluation.status == "no_skill":
        assert evaluation.reason and evaluation.model is None and predictions.empty
        assert "churn_probability" in predictions.columns
    return evaluation.status == "no_skill"


def test_the_model_abstains_on_pure_noise():
    assert sum(abstains(panel(400, 8, seed, signal=0.0)) for seed in SEEDS) >= 19


def test_the_model_abstains_on_shuffled_labels():
    def shuffled(seed: int) -> pd.DataFrame:
        table = panel(400, 8, seed)
        order = np.random.default_rng(seed).permutation(len(table))
        return table.assign(churned_next_30d=table.churned_next_30d.to_numpy()[order])

    assert sum(abstains(shuffled(seed)) for seed in SEEDS) >= 19


def test_the_model_predicts_on_a_signal():
    assert sum(abstains(panel(500, 8, seed)) for seed in range(3)) == 0


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"min_churned_training": 10_000}, "churned households in training, under 10000"),
        ({"min_churned_test": 10_000}, "churned households in test, under 10000"),
        ({"test_snapshots": 9}, "too few snapshots"),
        ({"label_delay_days": 1000}, "no training snapshot"),
    ],
)
def test_too_little_to_train_or_test_on(limit, words):
    evaluation, predictions = run(panel(550, 8, seed=0), replace(ALONE, **limit))
    assert evaluation.status == "no_skill" and words in evaluation.reason
    assert predictions.empty and evaluation.metrics.empty and evaluation.importance.empty


def test_the_limits_themselves_are_enough():
    table = panel(550, 8, seed=0)
    found = fit(table, SPEC, ALONE)
    training = table[table.snapshot_date.isin(pd.to_datetime(found.split.train))]
    test = table[table.snapshot_date.isin(pd.to_datetime(found.split.test))]
    counts = [part[part.churned_next_30d].household_id.nunique() for part in (training, test)]
    exactly = replace(ALONE, min_churned_training=counts[0], min_churned_test=counts[1])
    assert fit(table, SPEC, exactly).abstention is None
    one_more = fit(table, SPEC, replace(exactly, min_churned_training=counts[0] + 1)).abstention
    assert one_more == f"{counts[0]} churned households in training, under {counts[0] + 1}"
    one_more = fit(table, SPEC, replace(exactly, min_churned_test=counts[1] + 1)).abstention
    assert one_more == f"{counts[1]} churned households in test, under {counts[1] + 1}"


def test_no_churned_household_and_no_rows():
    table = panel(100, 8, seed=0)
    assert fit(table.assign(churned_next_30d=False), SPEC, ALONE).abstention.startswith(
        "0 churned households"
    )
    assert "too few snapshots" in fit(table[:0], SPEC, ALONE).abstention


def test_features_that_never_vary():
    table = panel(550, 8, seed=0)[["household_id", "snapshot_date", "churned_next_30d"]].assign(always=1)
    spec = ChurnSpec("household_id", "churned_next_30d", "snapshot_date")
    assert fit(table, spec, ALONE).abstention == "no feature varies in training"


def test_a_table_without_dates_is_for_cross_validation():
    with pytest.raises(ValueError, match="cross_validate"):
        fit(panel(50, 4, seed=0), replace(SPEC, snapshot_date=None), ALONE)


def verdict(low: float, brier: float) -> str | None:
    rows = [("roc_auc", 0.6, low, 0.7), ("brier", brier, brier, brier)]
    table = pd.DataFrame(rows, columns=["metric", "value", "ci_low", "ci_high"])
    table = table.assign(candidate="gradient_boosting", split="test", population="all")
    return abstention(table, "gradient_boosting", base_rate_brier=0.05)


def test_skill_needs_an_interval_above_one_half_and_a_better_brier_score():
    assert verdict(0.51, 0.049) is None
    assert "reaches .5" in verdict(0.5, 0.049)
    assert "reaches .5" in verdict(float("nan"), 0.049)
    assert "Brier" in verdict(0.51, 0.05)
    assert "Brier" in verdict(0.51, 0.06)
