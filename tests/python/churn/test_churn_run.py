"""A whole run: training rows, the object that scores, drivers, importance, repeatability."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from churn_panels import BANDS, FAST, SPEC, panel
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_info, threadpool_limits

from customer_success.churn import Settings, evaluate, fit, read_table, score
from customer_success.churn.calibrate import CalibratedModel
from customer_success.churn.candidates import build_candidates
from customer_success.churn.drivers import replacement_effects, top_drivers
from customer_success.churn.threads import FEW_ROWS, suitable_threads

SMALL = replace(FAST, candidates=("gradient_boosting", "base_rate"))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return panel(900, 10, seed=1)


@pytest.fixture(scope="module")
def fitted(table):
    return fit(table, SPEC, FAST)


@pytest.fixture(scope="module")
def evaluation(fitted, table):
    return evaluate(fitted, table, BANDS)


@pytest.fixture(scope="module")
def today(table):
    return table[table.snapshot_date == table.snapshot_date.max()].drop(columns="churned_next_30d")


def value(evaluation, candidate, metric, split="test", population="all"):
    table = evaluation.metrics
    row = table[(table.candidate == candidate) & (table.split == split) & (table.population == population)]
    return row.set_index("metric").loc[metric]


def test_a_table_with_signal_has_skill(evaluation):
    assert evaluation.status == "skilled" and evaluation.reason is None
    mine, base = (value(evaluation, name, "brier").value for name in ("gradient_boosting", "base_rate"))
    assert mine < base
    assert value(evaluation, "gradient_boosting", "roc_auc").ci_low > 0.65
    assert value(evaluation, "base_rate", "roc_auc").value == 0.5


def test_metrics_are_there_for_each_candidate_split_and_population(evaluation):
    table = evaluation.metrics
    assert not table.duplicated(["candidate", "split", "population", "metric"]).any()
    assert len(table) == len(FAST.candidates) * 2 * 2 * 12
    assert set(table.metric) >= {"roc_auc", "average_precision", "brier", "log_loss", "ece", "coverage"}
    defined = table[table.value.notna() & table.ci_low.notna()]
    assert len(defined) > 0.95 * len(table)
    assert ((defined.ci_low <= defined.value + 1e-9) & (defined.value <= defined.ci_high + 1e-9)).all()


def test_activity_alone_ranks_as_the_column(fitted, evaluation, table):
    test = table[table.snapshot_date.isin(pd.to_datetime(fitted.split.test))]
    expected = roc_auc_score(test.churned_next_30d, test.days_since_last_activity)
    assert value(evaluation, "days_since_last_activity", "roc_auc").value == pytest.approx(expected)


def test_training_is_out_of_fold(fitted, evaluation):
    """In sample, the trees would look better than on test; out of fold they do not."""
    inside = value(evaluation, "gradient_boosting", "roc_auc", split="train_oof")
    assert inside.n == len(fitted.candidates["gradient_boosting"].rows)
    assert inside.value == pytest.approx(value(evaluation, "gradient_boosting", "roc_auc").value, abs=0.06)


def test_nothing_is_learned_from_later_snapshots(fitted, table):
    """Features, labels and categories of all snapshots that are not for training may be anything."""
    last = pd.Timestamp(fitted.split.train[-1])
    later = (table.snapshot_date > last).to_numpy()
    changed = table.copy()
    changed.loc[later, "usage_trend"] = 99.0
    changed.loc[later, "plan"] = "New"
    changed.loc[later, "churned_next_30d"] = ~changed.loc[later, "churned_next_30d"]
    other = fit(changed, SPEC, SMALL)
    training = read_table(table, SPEC).take(np.isin(read_table(table, SPEC).date, fitted.split.train))
    for name in SMALL.candidates:
        one, two = fitted.candidates[name], other.candidates[name]
        np.testing.assert_array_equal(
            one.model.predict(training.features), two.model.predict(training.features)
        )
        np.testing.assert_array_equal(one.probability, two.probability)


def test_the_object_that_was_evaluated_is_the_one_that_scores(fitted, evaluation, today):
    assert evaluation.model is fitted.candidates["gradient_boosting"].model
    scored = score(evaluation.model, today, SPEC, BANDS)
    data = read_table(today, replace(SPEC, features=tuple(evaluation.model.reference)), labelled=False)
    np.testing.assert_array_equal(scored.churn_probability, evaluation.model.predict(data.features))


def test_the_calibrator_was_not_learned_in_sample(fitted, table):
    """Fitted on its own training rows, boosting is overconfident: the calibrator must see held-out ones."""
    data = read_table(table, SPEC)
    training = data.take(np.isin(data.date, fitted.split.train))
    model = fitted.candidates["gradient_boosting"].model
    in_sample = roc_auc_score(training.label, model.predict(training.features))
    assert in_sample > value_of_oof(fitted, training) + 0.03
    assert model.calibrator.slope < 1


def value_of_oof(fitted, training) -> float:
    return roc_auc_score(training.label, fitted.candidates["gradient_boosting"].probability)


def test_scores_have_a_row_per_customer(evaluation, today):
    scored = score(evaluation.model, pa.Table.from_pandas(today, preserve_index=False), SPEC, BANDS)
    assert scored.household_id.tolist() == sorted(today.household_id)
    assert scored.churn_probability.between(0, 1).all()
    assert (scored.churn_risk_segment == BANDS.segments(scored.churn_probability.to_numpy())).all()
    json.dumps(scored.top_drivers.tolist())
    pd.testing.assert_frame_equal(
        scored, score(evaluation.model, today.sample(frac=1, random_state=1), SPEC, BANDS)
    )


def test_no_household_to_score(evaluation, today):
    empty = score(evaluation.model, today[:0], SPEC, BANDS)
    assert list(empty.columns) == ["household_id", "churn_probability", "churn_risk_segment", "top_drivers"]
    assert empty.empty


def test_scoring_names_what_does_not_fit(evaluation, today):
    with pytest.raises(ValueError, match="'usage_trend' is missing"):
        score(evaluation.model, today.drop(columns="usage_trend"), SPEC, BANDS)
    with pytest.raises(ValueError, match=r"'usage_trend'.*kind"):
        score(evaluation.model, today.assign(usage_trend="down"), SPEC, BANDS)
    with pytest.raises(ValueError, match="'usage_trend' is infinite"):
        score(evaluation.model, today.assign(usage_trend=np.inf), SPEC, BANDS)
    with pytest.raises(ValueError, match="repeat 'household_id'"):
        score(evaluation.model, pd.concat([today, today[:1]]), SPEC, BANDS)


def test_a_plan_that_training_never_saw_counts_as_unknown(evaluation, today):
    new = score(evaluation.model, today.assign(plan="New"), SPEC, BANDS)
    unknown = score(evaluation.model, today.assign(plan=None), SPEC, BANDS)
    pd.testing.assert_series_equal(new.churn_probability, unknown.churn_probability)


def test_drivers_are_the_largest_effects_of_replacement(evaluation, today):
    model: CalibratedModel = evaluation.model
    features = read_table(today, SPEC, labelled=False).features
    own = model.predict(features)
    reference = features.copy()
    reference["usage_trend"] = model.reference["usage_trend"]
    expected = own - model.predict(reference)
    encoded = model.encode(features)
    effects = replacement_effects(model, encoded)
    position = list(encoded.columns).index("usage_trend")
    np.testing.assert_allclose(effects[:, position], expected, atol=1e-15)
    for row, drivers in enumerate(top_drivers(model, features, 3)):
        sizes = [abs(driver["effect"]) for driver in drivers]
        assert sizes == sorted(sizes, reverse=True)
        np.testing.assert_allclose(sizes, np.sort(np.abs(effects[row]))[::-1][: len(sizes)])
        assert all((driver["effect"] > 0) == (driver["direction"] == "raises") for driver in drivers)


def test_a_long_silence_drives_risk_up(evaluation, today):
    silent = today.assign(days_since_last_activity=40.0)
    for drivers in score(evaluation.model, silent[:50], SPEC, BANDS).top_drivers:
        first = {driver["feature"]: driver for driver in drivers}["days_since_last_activity"]
        assert first["direction"] == "raises" and first["value"] == 40.0


def test_importance_finds_the_causes_and_not_the_noise(evaluation):
    found = evaluation.importance.set_index("feature")
    assert found.index[0] == "days_since_last_activity"
    assert found.loc["days_since_last_activity", "ci_low"] > 0 and found.loc["usage_trend", "ci_low"] > 0
    noise = found.loc[["noise", "members", "has_ticket"]]
    assert (noise.importance.abs() < 0.02).all() and (noise.ci_low < 0).all()


def test_calibration_covers_the_test_rows(evaluation, fitted, table):
    found = evaluation.calibration
    test = table.snapshot_date.isin(pd.to_datetime(fitted.split.test))
    assert found.n.sum() == test.sum() and len(found) == 10
    agree = (found.ci_low <= found.mean_predicted) & (found.mean_predicted <= found.ci_high)
    assert agree.sum() >= 8


def test_the_same_answer_for_any_order_and_kind_of_table(evaluation, table):
    shuffled = pa.Table.from_pandas(table.sample(frac=1, random_state=5), preserve_index=False)
    again = evaluate(fit(shuffled, SPEC, FAST), shuffled, BANDS)
    for name in ("metrics", "calibration", "importance", "candidates"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(evaluation, name), check_exact=True)


def test_the_number_of_threads_does_not_matter(table):
    data = read_table(table, SPEC)
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            model = build_candidates(SPEC, replace(SMALL, trees=5), list(data.features))["gradient_boosting"]
            found.append(model.fit(data.features, data.label))
    one, two = (model.decision_function(data.features) for model in found)
    np.testing.assert_array_equal(one, two)


def test_small_tables_use_one_thread_and_large_ones_all():
    def threads() -> set[int]:
        return {library["num_threads"] for library in threadpool_info()}

    with threadpool_limits(2):
        with suitable_threads(FEW_ROWS - 1):
            assert threads() == {1}
        with suitable_threads(FEW_ROWS):
            assert threads() == {2}


def test_a_capped_training_set_is_reported(table):
    settings = replace(SMALL, training_rows=2000, bootstrap=50, folds=2)
    found = evaluate(fit(table, SPEC, settings), table, BANDS).candidates.set_index("candidate")
    assert found.loc["gradient_boosting", "training_rows"] <= 2000
    assert "seeded sample" in found.loc["gradient_boosting", "training_note"]
    assert "of 900 households" in found.loc["gradient_boosting", "training_note"]


def test_a_sample_without_churners_leaves_the_candidate_out(table):
    both = ("gradient_boosting", "documents_settings")
    settings = replace(SMALL, candidates=both, documents_rows=300, folds=2)
    found = fit(table, SPEC, settings)
    assert list(found.candidates) == ["gradient_boosting"]
    assert found.notes[0].startswith("documents_settings: not fitted")
    abstaining = fit(table, SPEC, replace(SMALL, training_rows=100))
    assert abstaining.abstention.startswith("gradient_boosting: not fitted")


def test_dropped_columns_are_noted(table):
    found = fit(table.assign(always=1, never=None), SPEC, replace(SMALL, folds=2))
    assert [note.split(":")[0] for note in found.notes] == ["always", "never"]


def test_documents_settings_are_the_documents(table):
    settings = replace(FAST, primary="documents_settings", candidates=("documents_settings",), folds=2)
    found = fit(panel(350, 8, seed=2), SPEC, settings)
    trees = found.candidates["documents_settings"].model.pipeline[-1].get_params()
    wanted = {"n_estimators": 200, "learning_rate": 0.05, "max_depth": 5}
    wanted |= {"min_samples_split": 100, "min_samples_leaf": 50}
    assert {name: trees[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "wrong",
    [{"candidates": ("forest",)}, {"primary": "base_rate"}, {"primary": "nobody"}, {"calibration": "magic"}],
)
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)
