"""Curves: by hand, against scikit-learn and the metrics of ranking; bands over households."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from churn_panels import BANDS, FAST, SPEC, panel
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import auc, precision_recall_curve

from customer_success.churn import evaluate, fit, performance_curves, rank_metrics
from customer_success.churn.curves import GRID, LIFT, PRECISION_RECALL, ROC, curve_points

SETTINGS = replace(FAST, candidates=("gradient_boosting", "base_rate"), trees=50)


def counts(labels) -> tuple[np.ndarray, np.ndarray]:
    """Counts by score of rows listed from the highest score down, no two alike."""
    labels = np.array(labels)[::-1].astype(float)
    return labels, 1 - labels


def at(curve: np.ndarray, x: float) -> float:
    return curve[round(100 * x)]


def test_curves_by_hand():
    # from the top: + - + - -, and five more that stayed
    found = curve_points(*counts([1, 0, 1, 0, 0, 0, 0, 0, 0, 0]))
    assert at(found[ROC], 0) == 0.5 and at(found[ROC], 0.12) == 0.5 and at(found[ROC], 0.13) == 1
    assert at(found[PRECISION_RECALL], 0.5) == 1
    assert at(found[PRECISION_RECALL], 0.51) == pytest.approx(1.02 / 2.02)
    assert at(found[PRECISION_RECALL], 1) == pytest.approx(2 / 3)
    assert at(found[LIFT], 0.1) == pytest.approx(5) and at(found[LIFT], 0.3) == pytest.approx(1 / 0.3)
    assert at(found[LIFT], 1) == 1
    assert np.isnan(found[PRECISION_RECALL][0]) and np.isnan(found[LIFT][0])


def test_one_score_for_all_is_chance():
    found = curve_points(np.array([3.0]), np.array([7.0]))
    np.testing.assert_allclose(found[ROC], GRID)
    np.testing.assert_allclose(found[PRECISION_RECALL][1:], 0.3)
    np.testing.assert_allclose(found[LIFT][1:], 1)


@pytest.mark.parametrize("counted", [([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0])])
def test_one_class_is_undefined(counted):
    assert all(np.isnan(curve).all() for curve in curve_points(*map(np.array, counted)).values())


bins = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=30).filter(
    lambda rows: any(p for p, _ in rows) and any(n for _, n in rows)
)


@settings(max_examples=30)
@given(bins)
def test_curves_agree_with_the_metrics_at_each_point(rows):
    positive, negative = np.array(rows, dtype=float).T
    found = curve_points(positive, negative)
    for place, x in enumerate(GRID):
        rate = min(np.round(x * negative.sum(), 9) / negative.sum(), 1)
        recall = rank_metrics.recall_at_false_positive_rate(positive, negative, rate)
        assert found[ROC][place] == pytest.approx(recall, abs=1e-6)
        if x:
            assert found[LIFT][place] == pytest.approx(rank_metrics.lift(positive, negative, x), abs=1e-9)


def test_precision_is_that_of_scikit_learn_and_the_area_that_of_the_auc():
    rng = np.random.default_rng(0)
    label = (rng.random(400) < 0.25).astype(int)
    label[np.flatnonzero(label)[100:]] = 0
    score = label + rng.normal(size=400)
    order = np.argsort(score)
    positive, negative = label[order].astype(float), 1.0 - label[order]
    found = curve_points(positive, negative)
    precision, recall, _ = precision_recall_curve(label, score)
    best = {round(r * label.sum()): p for p, r in zip(precision, recall, strict=True)}
    for place in range(1, 101):
        count = place * label.sum() / 100
        if count == int(count):
            assert found[PRECISION_RECALL][place] == pytest.approx(best[int(count)])
    area = rank_metrics.roc_auc(positive, negative)
    assert auc(GRID, found[ROC]) == pytest.approx(area, abs=0.005)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return panel(500, 9, seed=1)


@pytest.fixture(scope="module")
def fitted(table):
    return fit(table, SPEC, SETTINGS)


@pytest.fixture(scope="module")
def curves(fitted, table):
    return performance_curves(fitted, table)


def test_there_is_a_curve_per_candidate_and_population(curves, fitted, table):
    key = ["candidate", "population", "curve"]
    assert not curves.duplicated([*key, "x"]).any()
    sizes = curves.groupby(key).size()
    assert len(sizes) == 2 * 2 * 3 and sizes.max() == 101 and sizes.min() == 100
    test = table[table.snapshot_date.isin(pd.to_datetime(fitted.split.test))]
    active = test[test.days_since_last_activity < 7]
    for population, rows in (("all", test), ("active_last_7_days", active)):
        part = curves[curves.population == population]
        assert set(part.n) == {len(rows)} and set(part.positives) == {rows.churned_next_30d.sum()}


def test_points_lie_in_their_bands_and_pass_through_the_metrics(curves, fitted, table):
    known = curves.dropna()
    assert len(known) > 0.98 * len(curves)
    assert ((known.ci_low <= known.y + 1e-9) & (known.y <= known.ci_high + 1e-9)).mean() > 0.99
    metrics = evaluate(fitted, table, BANDS).metrics
    metrics = metrics[metrics.split == "test"].set_index(["candidate", "population", "metric"])
    curves = curves.set_index(["candidate", "population", "curve", "x"])
    for candidate in SETTINGS.candidates:
        for population in ("all", "active_last_7_days"):
            for curve, metric in ((ROC, "recall_at_10pct_fpr"), (LIFT, "lift_at_10pct")):
                point = curves.loc[(candidate, population, curve, GRID[10]), ["y", "ci_low", "ci_high"]]
                row = metrics.loc[(candidate, population, metric), ["value", "ci_low", "ci_high"]]
                assert point.tolist() == pytest.approx(row.tolist(), abs=1e-9)


def test_bands_are_of_households_not_rows(fitted, table, curves):
    """The same households with every row of the test in two copies: no narrower, and the same curve."""
    late = table.snapshot_date.isin(pd.to_datetime(fitted.split.test))
    copies = table[late].assign(snapshot_date=table.snapshot_date + pd.Timedelta(days=1))
    twice = replace(fitted.split, test=np.unique(np.append(fitted.split.test, fitted.split.test + 1)))
    again = performance_curves(replace(fitted, split=twice), pd.concat([table, copies]))
    columns = ["candidate", "population", "curve", "x", "y", "ci_low", "ci_high"]
    pd.testing.assert_frame_equal(again[columns], curves[columns], atol=1e-9)


def test_a_fit_that_abstains_has_no_curves(table):
    abstaining = fit(table, SPEC, replace(SETTINGS, min_churned_test=10_000))
    assert abstaining.test.rows > 0 and abstaining.training.churned > 50
    assert performance_curves(abstaining, table).empty
