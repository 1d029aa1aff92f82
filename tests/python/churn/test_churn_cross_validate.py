"""Tables of one moment: honest folds, and quality near that of the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from churn_panels import BANDS, FAST, SPEC, panel
from sklearn.metrics import roc_auc_score

from customer_success.churn import ChurnSpec, Settings, cross_validate

SPEC_ONE = ChurnSpec("customer", "left", positive="Yes")


def subscribers(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """A table of one moment like those of telephone companies, with the true probabilities."""
    rng = np.random.default_rng(seed)
    tenure = np.round(72 * rng.beta(0.7, 0.8, n))
    contract = np.where(rng.random(n) < 0.85 - 0.6 * tenure / 72, 0, rng.choice([1, 2], n))
    service = rng.choice(3, n, p=[0.34, 0.44, 0.22])
    options = rng.random((n, 4)) < 0.4
    monthly = 20 + 30 * service + 6 * options.sum(axis=1) + rng.normal(0, 3, n)
    odds = 0.5 - 1.1 * (contract == 1) - 2.0 * (contract == 2) + 0.8 * (service == 1) - 0.5 * np.log1p(tenure)
    odds = odds - 0.35 * options[:, 0] - 0.3 * options[:, 1] + 0.5 * (tenure < 4) * (service == 1)
    truth = 1 / (1 + np.exp(-odds))
    frame = pd.DataFrame(
        {
            "customer": np.arange(n),
            "left": np.where(rng.random(n) < truth, "Yes", "No"),
            "tenure": tenure,
            "monthly": monthly,
            "total": np.where(tenure > 0, monthly * tenure, np.nan),
            "contract": np.array(["month", "year", "two years"])[contract],
            "service": np.array(["dsl", "fibre", "none"])[service],
        }
    )
    return frame.assign(**{f"option_{i}": options[:, i] for i in range(4)}), truth


@pytest.fixture(scope="module")
def validated():
    table, truth = subscribers(4000, seed=0)
    settings = Settings(candidates=("gradient_boosting", "logistic_regression", "base_rate"), bootstrap=200)
    return table, truth, cross_validate(table, SPEC_ONE, BANDS, settings)


def test_boosting_comes_close_to_the_truth(validated):
    table, truth, found = validated
    values = found.metrics.set_index(["candidate", "metric"]).value
    best = roc_auc_score(table.left == "Yes", truth)
    assert values["gradient_boosting", "roc_auc"] > best - 0.015
    assert values["gradient_boosting", "roc_auc"] > values["logistic_regression", "roc_auc"] - 0.005
    assert values["gradient_boosting", "ece"] < 0.03
    assert values["gradient_boosting", "brier"] < values["base_rate", "brier"] - 0.02


def test_each_row_is_predicted_once_and_reported(validated):
    table, _, found = validated
    assert found.predictions.customer.tolist() == table.customer.tolist()
    assert found.predictions.fold.value_counts().between(799, 801).all()
    by_fold = found.predictions.groupby("fold").label.sum()
    assert by_fold.max() - by_fold.min() <= 1
    assert set(found.metrics.split) == {"cross_validation"} and found.calibration.n.sum() == len(table)
    auc = roc_auc_score(found.predictions.label, found.predictions.gradient_boosting)
    row = found.metrics.set_index(["candidate", "metric"]).loc[("gradient_boosting", "roc_auc")]
    assert row.value == pytest.approx(auc) and row.ci_low < auc < row.ci_high


def test_noise_cannot_be_predicted_even_from_other_rows_of_the_household():
    """The id as a feature would identify other rows of the household, if they were in another fold."""
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(150), 40)
    label = np.repeat(rng.random(150) < 0.5, 40)
    table = pd.DataFrame({"h": codes, "d": np.tile(np.arange(40), 150), "mark": codes / 7.0, "y": label})
    table["d"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(table.d, unit="D")
    settings = replace(FAST, candidates=("gradient_boosting",), bootstrap=20)
    found = cross_validate(table, ChurnSpec("h", "y", "d"), BANDS, settings)
    assert found.metrics.set_index("metric").value["roc_auc"] < 0.62


@pytest.mark.parametrize("label", [True, False])
def test_one_class_is_refused_by_column(label):
    table = panel(50, 1, seed=0).assign(churned_next_30d=label)
    with pytest.raises(ValueError, match="'churned_next_30d'"):
        cross_validate(table, SPEC, BANDS, FAST)
