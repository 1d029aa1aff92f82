"""The page of the models: it shows the rows of the tables, and a run that abstains shows no curve."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import vl_convert
from churn_panels import FAST, panel
from html_page import Page
from model_tables import AS_OF, Models, classifier_tables, stays, survival_tables

from customer_success.churn.page import main, render

SETTINGS = replace(FAST, trees=50, folds=3, importance_rows=1000, importance_repeats=1)
HOSTILE = "</script><script>alert(1)</script><!--\"'&lt;<img src=x onerror=alert(2)>"
SURVIVAL = {"chart-6-1", "chart-7-1"}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Tables of a run with skill, a fifth of its curves' points, and of a survival model by plan."""
    made = classifier_tables(panel(700, 10, seed=1), SETTINGS)
    curves = made["ml_model_curves"]
    made["ml_model_curves"] = curves[np.round(100 * curves.x) % 5 == 0]
    return made | survival_tables(stays(400, seed=1))


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    render(Models(tables, synthetic=True).write(folder / "made.duckdb"), folder / "models.html")
    return folder


@pytest.fixture(scope="module")
def full(folder) -> Page:
    return Page((folder / "models.html").read_text(encoding="utf-8"))


def page_of(made: Models, folder: Path) -> Page:
    out = render(made.write(folder / "made.duckdb"), folder / "models.html")
    return Page(out.read_text(encoding="utf-8"))


def rows_of(tables, name: str, **wanted) -> pd.DataFrame:
    rows = tables[name]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return rows


# What it is -----------------------------------------------------------------------


def test_page_needs_no_network_and_is_small(full, folder):
    assert (folder / "models.html").stat().st_size < 5_000_000
    assert not full.reaching_out
    policies = [m for m in full.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policies[0]["content"]


def test_same_database_gives_the_same_bytes(folder, tmp_path):
    again = tmp_path / "again.html"
    assert main(["--database", str(folder / "made.duckdb"), "--out", str(again)]) == 0
    assert again.read_bytes() == (folder / "models.html").read_bytes()


def test_each_chart_can_be_drawn_and_has_a_text(full):
    charts = [a for a in full.named("div") if a.get("class") == "chart"]
    assert {chart["id"] for chart in charts} == set(full.specs) and len(charts) == 11
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 40 for chart in charts)
    for name, spec in full.specs.items():
        drawn = vl_convert.vegalite_to_svg(spec | {"width": 500})
        assert "NaN" not in drawn and drawn.count("<path") + drawn.count("<line") > 5, name


# Its content ---------------------------------------------------------------------


def test_verdict_gives_the_auc_of_the_active_with_interval_and_n(full, tables):
    asked = {"model": "gradient_boosting", "split": "test", "metric": "roc_auc"}
    (row,) = rows_of(tables, "ml_model_metrics", population="active_last_7_days", **asked).itertuples()
    assert (
        f"AUC of {row.value:.2f} (95% interval {row.ci_low:.2f} to {row.ci_high:.2f}), over {row.n:,} rows"
        f" of which {row.positives} left"
    ) in full.text


def test_candidates_are_shown_side_by_side(full, tables):
    for name, population in (("chart-1-1", "active_last_7_days"), ("chart-1-2", "all")):
        shown = {point["model"]: point for point in full.data(name, "auc")}
        assert list(shown) == [
            "gradient_boosting",
            "days_since_last_activity",
            "logistic_regression",
            "base_rate",
        ]
        rows = rows_of(tables, "ml_model_metrics", population=population, split="test", metric="roc_auc")
        for row in rows.itertuples():
            point = shown[row.model]
            assert (point["auc"], point["low"], point["high"]) == (row.value, row.ci_low, row.ci_high)
            assert (point["n"], point["left"]) == (row.n, row.positives)
    brier = rows_of(tables, "ml_model_metrics", population="all", split="test", metric="brier")
    for row in brier.itertuples():
        assert f"{row.value:.3f} ({row.ci_low:.3f}–{row.ci_high:.3f})" in full.text
    assert "accuracy of always no" in full.text


@pytest.mark.parametrize(
    ("chart", "curve", "population"),
    [
        ("chart-2-1", "roc", "active_last_7_days"),
        ("chart-2-2", "precision_recall", "active_last_7_days"),
        ("chart-2-3", "roc", "all"),
        ("chart-3-2", "lift", "active_last_7_days"),
    ],
)
def test_curves_are_those_of_the_table(full, tables, chart, curve, population):
    shown = pd.DataFrame(full.data(chart, "ci_low"))
    wanted = rows_of(tables, "ml_model_curves", curve=curve, population=population)
    wanted = wanted[wanted.model != "base_rate"]
    key = ["model", "x"]
    both = shown.drop_duplicates(key).merge(wanted, on=key, suffixes=("", "_wanted"))
    assert len(both) == len(wanted)
    for name in ("y", "ci_low", "ci_high"):
        np.testing.assert_allclose(both[name].astype(float), both[f"{name}_wanted"])


def test_calibration_and_importance_are_those_of_the_tables(full, tables):
    shown = pd.DataFrame(full.data("chart-3-1", "bin"))
    wanted = tables["ml_calibration"]
    for name in ("bin", "mean_predicted", "observed_rate", "ci_low", "ci_high", "n"):
        assert shown[name].tolist() == pytest.approx(wanted[name].tolist())
    shown = pd.DataFrame(full.data("chart-5-1", "importance"))
    wanted = tables["ml_feature_importance"]
    assert shown.feature.tolist() == wanted.feature.tolist()
    sure = (wanted.ci_low > 0).sum()
    assert f"Of {len(wanted)} features {sure} matter by more than noise" in full.text


def test_numbers_at_risk_are_the_households_still_there(full):
    table = stays(400, seed=1)
    shown = full.data("chart-6-1", "place")
    assert {row["plan_type"] for row in shown} == {"Enterprise", "Free", "Premium"}
    assert len({row["day"] for row in shown}) > 5
    for row in shown:
        there = table[(table.plan_at_day_90 == row["plan_type"]) & (table.days_observed >= row["day"])]
        assert row["at_risk"] == f"{len(there):,}", row


def test_survival_is_shown_with_its_interval(full, tables):
    for plan, of in tables["ml_survival_curves"].groupby("plan_type"):
        at = of[of.day <= 365].iloc[-1]
        assert f"{at.survival:.0%} on {plan} (95% interval {at.ci_low:.0%} to {at.ci_high:.0%})" in full.text
    assert "log-rank test, p under 0.001" in full.text


def test_forest_plot_is_the_summary(full, tables):
    shown = pd.DataFrame(full.data("chart-7-1", "hazard_ratio"))
    wanted = tables["ml_survival_summary"]
    for name in ("covariate", "hazard_ratio", "ci_low", "ci_high", "ph_test_p"):
        assert shown[name].tolist() == wanted[name].tolist()
    assert shown.name.tolist()[:2] == ["plan at day 90: Enterprise", "plan at day 90: Premium"]
    fit = tables["ml_survival_fit"].iloc[0]
    assert f"{fit.concordance_later_cohort:.2f} on a later signup cohort" in full.text


def test_card_has_training_data_and_limits_of_use(full, tables, tmp_path):
    run = tables["ml_model_runs"].iloc[0]
    assert f"Snapshots {run.train_from} to {run.train_to}: {run.n_train:,} rows" in full.text
    assert f"{run.positives_test:,} rows, of {run.churned_test:,} households, left within" in full.text
    assert "Must not be used for" in full.text and f"As of {AS_OF}" in full.text
    assert "It learned from simulated data." in full.text and "SYNTHETIC" in full.text
    note = {"training_note": "fitted on a seeded sample of 5 of 9 households"}
    sampled = tables | {"ml_model_candidates": tables["ml_model_candidates"][:1].assign(**note)}
    page = page_of(Models(sampled), tmp_path)
    assert "gradient boosting: fitted on a seeded sample of 5 of 9 households" in page.text
    assert "It learned from simulated data." not in page.text


def test_published_predictions_are_compared_with_outcomes(tables, tmp_path):
    outcomes = pd.DataFrame(
        {
            "household_id": ["a", "b", "c", "d", "a"],
            "scored_as_of": pd.to_datetime(["2026-03-31"] * 4 + ["2026-06-23"]),
            "churn_probability": [0.9, 0.4, 0.1, 0.1, 0.3],
            "churned_next_30d": [True, False, False, False, None],
        }
    )
    page = page_of(Models(tables | {"ml_prediction_outcomes": outcomes}), tmp_path)
    assert (
        "Of 5 published predictions the outcome of 4 is known: 1.5 were expected to leave, 1 left."
        in page.text
    )
    assert "25% (4.6% to 70%)" in page.text and "unknown" in page.text
    waiting = {"ml_prediction_outcomes": outcomes[-1:]}
    assert "Of 1 published predictions no outcome is known yet." in page_of(Models(waiting), tmp_path).text


# Missing data ---------------------------------------------------------------


def test_a_run_with_too_few_churners_shows_no_curve(tables, tmp_path):
    abstaining = classifier_tables(panel(100, 10, seed=1), SETTINGS)
    page = page_of(Models(tables | abstaining), tmp_path)
    reason = abstaining["ml_model_runs"].reason[0]
    assert "under 50" in reason
    assert f"Not on these data: the run abstains, and no prediction is published. {reason}." in page.text
    assert page.text.count("Not shown: the run abstains") == 3
    assert set(page.specs) == SURVIVAL
    assert "No predictions: the run abstains." in page.text and "modelnone" in page.text


def test_a_run_without_skill_shows_its_auc_and_no_curve(tables, tmp_path):
    limits = replace(SETTINGS, min_churned_training=30)
    noise = classifier_tables(panel(400, 10, seed=2, signal=0.0), limits)
    assert len(noise["ml_model_curves"]), "there are curves, and they are not shown"
    page = page_of(Models(tables | noise), tmp_path)
    assert set(page.specs) == SURVIVAL | {"chart-1-1", "chart-1-2"}
    assert "The interval of the test AUC reaches .5" in page.text
    assert page.text.count("Not shown: the run abstains") == 3


def test_no_run_and_no_survivors_are_reported(tmp_path):
    page = page_of(Models(), tmp_path)
    assert not page.specs
    assert "no run yet" in page.text and page.text.count("The classifier has not been run yet.") == 4
    assert "No prediction has been published before this build." in page.text
    assert "No household has been a customer for 90 days yet." in page.text
    assert "No survival model has been fitted yet." in page.text and "There is no model yet." in page.text


def test_too_few_events_give_curves_and_no_hazard_ratio(tables, tmp_path):
    few = survival_tables(stays(25, seed=3))
    page = page_of(Models(tables | few), tmp_path)
    assert few["ml_survival_fit"].status[0] == "not_fitted"
    assert f"No model was fitted: {few['ml_survival_fit'].reason[0]}." in page.text
    assert "Nothing is predicted: no model was fitted." in page.text
    assert "chart-6-1" in page.specs and "chart-7-1" not in page.specs


def test_what_is_not_in_the_model_is_listed_with_the_reason(tables, tmp_path):
    summary = tables["ml_survival_summary"].copy()
    gone = summary.covariate == "initial_pets_count"
    summary.loc[gone, ["hazard_ratio", "ci_low", "ci_high", "p_value", "ph_test_p"]] = np.nan
    summary.loc[gone, "note"] = "dropped: constant"
    page = page_of(Models(tables | {"ml_survival_summary": summary}), tmp_path)
    assert "dropped: constant" in page.text
    assert "initial_pets_count" not in json.dumps(page.specs["chart-7-1"])


def test_the_run_of_this_build_is_shown(tables, tmp_path):
    earlier = tables["ml_model_runs"].assign(
        model_run_id="run_0", is_current=False, status="no_skill", reason="too old"
    )
    runs = pd.concat([earlier, tables["ml_model_runs"]])
    assert "too old" not in page_of(Models(tables | {"ml_model_runs": runs}), tmp_path).text


def test_undefined_intervals_are_reported_and_not_drawn(tables, tmp_path):
    metrics = tables["ml_model_metrics"].assign(ci_low=np.nan, ci_high=np.nan)
    curves = tables["ml_model_curves"].assign(ci_low=np.nan, ci_high=np.nan)
    steps = tables["ml_survival_curves"].assign(ci_low=np.nan, ci_high=np.nan)
    fit = tables["ml_survival_fit"].assign(log_rank_p=np.nan)
    changed = {"ml_model_metrics": metrics, "ml_model_curves": curves, "ml_survival_curves": steps}
    changed["ml_survival_fit"] = fit
    page = page_of(Models(tables | changed), tmp_path)
    assert "(no interval)" in page.text and "log-rank" not in page.text
    for spec in page.specs.values():
        assert "NaN" not in vl_convert.vegalite_to_svg(spec | {"width": 400})


def test_text_from_the_tables_stays_text(tables, tmp_path):
    curves = tables["ml_survival_curves"]
    curves = curves.assign(plan_type=curves.plan_type.replace("Free", HOSTILE))
    features = tables["ml_feature_importance"]
    features = features.assign(feature=features.feature.replace("noise", HOSTILE))
    changed = {"ml_survival_curves": curves, "ml_feature_importance": features}
    page = page_of(Models(tables | changed), tmp_path)
    assert [tag for tag, _ in page.elements].count("script") == 3 and not page.named("img")
    assert "<" not in page.scripts[0]
    assert HOSTILE in {row["plan_type"] for row in page.data("chart-6-1", "at_risk")}


def test_command_says_what_is_missing(tmp_path, capsys):
    assert main(["--database", str(tmp_path / "none.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert "there is no database" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    assert main(["--database", str(tmp_path / "empty.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert "Build the project first" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()
