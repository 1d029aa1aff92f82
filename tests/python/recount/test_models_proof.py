"""The proof of models passes runs as the package makes them, and rejects each lie of this file."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_success.building.candidate import project_variables
from customer_success.churn import Settings, run
from customer_success.churn import fit as churn_fit
from customer_success.packed import HASHES, hashes, pack
from customer_success.proofs import Candidate
from customer_success.publish import Places
from customer_success.recount import model_fit, model_refit
from customer_success.recount.drawn import draw, draw_survivors
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.sample import HOUSEHOLDS as RAW_HOUSEHOLDS
from customer_success.recount.households.sample import raw_relations, sampled_world
from customer_success.recount.households.values import day_number
from customer_success.recount.model_fit import Inputs, shuffled
from customer_success.recount.model_inputs import wrong_inputs, wrong_severities
from customer_success.recount.model_outputs import (
    CHURN,
    MARTS,
    PROVED_ELSEWHERE,
    packed,
    unknown_marts,
    wrong_outputs,
)
from customer_success.recount.model_refit import wrong_run
from customer_success.recount.models import prove_models, wrong_survival

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "churn"))
from churn_panels import BANDS, FAST, panel

PANEL = panel(500, 8, seed=3)
ALONE = replace(FAST, candidates=("gradient_boosting", "base_rate"), trees=40, bootstrap=50)
NOT_FEATURES = ["snapshot_date", "churned_next_30d", "days_to_left"]


def inputs_of(table: pd.DataFrame, settings: Settings = ALONE, days_ago: int = 0) -> Inputs:
    """Snapshots, and as customers of today those of the last snapshot, or of one so many before."""
    dates = sorted(table["snapshot_date"].unique())
    last = table[table["snapshot_date"] == dates[-1 - days_ago]].drop(columns=NOT_FEATURES)
    ordered = table.sort_values(["household_id", "snapshot_date"])
    parts = [pa.Table.from_pandas(part, preserve_index=False) for part in (ordered, last)]
    return Inputs(*parts, BANDS, settings)


def run_on(inputs: Inputs) -> dict[str, pd.DataFrame]:
    return run(inputs.snapshots, inputs.customers, inputs.bands, inputs.settings)


def handed_over(tables: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Pack tables as a Python model does, with hashes of what it hands over: a lie with matching hashes."""
    lying = {name: table for name, table in tables.items() if name != HASHES}
    outputs: dict[str, list[str]] = {}
    for row in pack(lying | {HASHES: hashes(lying)}).to_pylist():
        outputs.setdefault(row["output"], []).append(row["content"])
    return outputs


INPUTS = inputs_of(PANEL)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return run_on(INPUTS)


@pytest.fixture(params=["refit", "lines"])
def route(request, monkeypatch) -> str:
    """Prove as for few rows and as for many."""
    monkeypatch.setattr(model_refit, "REFIT_ROWS", 10**9 if request.param == "refit" else 1)
    return request.param


# ------------------------------------------------------------------------- the classifier's run


def test_a_true_run_is_proven(tables, route):
    assert tables["runs"].loc[0, "status"] == "skilled"
    assert wrong_run(handed_over(tables), INPUTS) == []


def test_a_true_abstention_is_proven():
    inputs = inputs_of(PANEL, replace(ALONE, min_churned_test=10**6))
    assert wrong_run(handed_over(run_on(inputs)), inputs) == []


def test_predictions_without_skill_are_rejected(tables):
    inputs = inputs_of(PANEL, replace(ALONE, min_churned_test=10**6))
    abstaining = run_on(inputs)
    kept = tables["predictions"].assign(model_run_id=abstaining["runs"].loc[0, "model_run_id"])
    messages = wrong_run(handed_over(abstaining | {"predictions": kept}), inputs)
    assert messages and "no_skill, and yet predicts" in messages[0]


def test_predictions_kept_from_an_earlier_day_are_rejected(tables, route):
    """Same run, features of a month ago, as if a Python model took them from the ledger."""
    ids = set(tables["predictions"]["household_id"])
    earlier = inputs_of(PANEL, days_ago=1)
    old = run(earlier.snapshots, earlier.customers, BANDS, ALONE)["predictions"]
    old = old[old["household_id"].isin(ids)]
    messages = wrong_run(handed_over(tables | {"predictions": old}), INPUTS)
    assert any("features of today" in one for one in messages)


def test_a_rescaled_probability_is_rejected(tables, route):
    lying = tables["predictions"].copy()
    lying.loc[3, "churn_probability"] = lying.loc[3, "churn_probability"] ** 0.9
    messages = wrong_run(handed_over(tables | {"predictions": lying}), INPUTS)
    assert any(lying.loc[3, "household_id"] in one for one in messages)


def test_all_probabilities_halved_are_rejected(tables, route):
    halved = tables["predictions"].assign(
        churn_probability=tables["predictions"]["churn_probability"].astype(float) / 2
    )
    assert wrong_run(handed_over(tables | {"predictions": halved}), INPUTS)


def test_customers_left_out_are_rejected(tables, route):
    messages = wrong_run(handed_over(tables | {"predictions": tables["predictions"].iloc[5:]}), INPUTS)
    assert any("customers of today" in one for one in messages)


def test_a_run_on_other_data_is_rejected(tables):
    changed = PANEL.copy()
    changed.loc[0, "days_since_last_activity"] += 1
    messages = wrong_run(handed_over(tables), inputs_of(changed))
    assert messages and "of this build give run" in messages[0]


def test_a_run_with_other_settings_is_rejected(tables):
    assert wrong_run(handed_over(tables), replace(INPUTS, settings=replace(ALONE, seed=8)))


@pytest.mark.parametrize("fact", ["train_to", "test_from", "n_train", "positives_test", "churned_train"])
def test_a_split_that_the_snapshots_do_not_give_is_rejected(tables, fact):
    value = "2025-01-05" if fact.endswith(("to", "from")) else 1
    lying = tables | {"runs": tables["runs"].assign(**{fact: value})}
    messages = wrong_run(handed_over(lying), INPUTS)
    assert any(one.startswith(f"{fact} of the run") for one in messages)


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "brier", "log_loss"])
def test_a_better_metric_is_rejected(tables, route, metric):
    lying = tables["metrics"].copy()
    rows = (lying["model"] == "gradient_boosting") & (lying["split"] == "test") & (lying["metric"] == metric)
    lying.loc[rows, "value"] = 0.9
    messages = wrong_run(handed_over(tables | {"metrics": lying}), INPUTS)
    assert any(one.startswith(f"{metric} on test is 0.9") for one in messages)


def test_a_smoother_calibration_table_is_rejected(tables, route):
    lying = tables["calibration"].assign(observed=tables["calibration"]["mean_predicted"])
    messages = wrong_run(handed_over(tables | {"calibration": lying}), INPUTS)
    assert any("calibration table" in one for one in messages)


def test_a_calibrator_that_has_seen_the_test_rows_is_rejected(monkeypatch, route):
    """Code of `fit` that calibrates on the test rows: the same code fits again in the proof."""
    module = sys.modules[churn_fit.__module__]
    real, seen = module.fit, {}

    def peeking(table, spec, settings=None):
        data = module.read_table(table, spec)
        seen["test"] = data.take(np.isin(data.date, np.unique(data.date)[-settings.test_snapshots :]))
        fitted = real(data, spec, settings)
        for name, one in fitted.candidates.items():
            if name != "base_rate":
                test = seen["test"]
                odds = one.model.pipeline.decision_function(test.features)
                blind = replace(one.model, calibrator=one.model.calibrator.__class__().fit(odds, test.label))
                fitted.candidates[name] = replace(one, model=blind)
        return fitted

    monkeypatch.setattr(sys.modules["customer_success.churn.run"], "fit", peeking)
    monkeypatch.setattr(model_fit, "fit", peeking)
    messages = wrong_run(handed_over(run_on(INPUTS)), INPUTS)
    assert any("labels of" in one and "test rows" in one for one in messages), messages


def test_only_labels_of_test_rows_are_shuffled():
    before, after = INPUTS.snapshots.to_pandas(), shuffled(INPUTS.snapshots, ALONE).to_pandas()
    tested = before["snapshot_date"].isin(sorted(before["snapshot_date"].unique())[-3:])
    same = before["churned_next_30d"] == after["churned_next_30d"]
    assert same[~tested].all() and not same[tested].all()
    assert before["churned_next_30d"].sum() == after["churned_next_30d"].sum()
    pd.testing.assert_frame_equal(
        before.drop(columns="churned_next_30d"), after.drop(columns="churned_next_30d")
    )


# ---------------------------------------------------------------------------- marts and inputs


@pytest.fixture(scope="module")
def built(warehouse_database, warehouse_raw, tables, tmp_path_factory):
    """A true build with the run on the panel in it, unfolded into the marts; and the recounted world."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copy2(warehouse_database, folder / "working.duckdb")
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        today = connection.execute("select as_of_date from build.parameters").fetchone()[0]
        relations = raw_relations(connection, warehouse_raw, {})
        sample = draw(connection, relations[RAW_HOUSEHOLDS], today)
        drawn = {*sample.scored, *draw_survivors(connection, today, 50)}
        world = sampled_world(connection, relations, drawn, day_number(today), Rules.read())
        connection.register("rows_of_run", pack(tables))
        connection.execute(f"create or replace table intermediate.{CHURN} as from rows_of_run")
        unfold(connection, today)
        yield connection, world, today


def unfold(connection: duckdb.DuckDBPyConnection, today) -> None:
    """Fill the marts of the classifier from its run, in the types of their contracts."""
    for mart in MARTS:
        if mart.run != CHURN:
            continue
        kinds = dict(
            connection.execute(f"describe analytics.{mart.mart}").df()[["column_name", "column_type"]].values
        )
        added = {"scored_as_of": f"date '{today}'", "as_of_date": f"date '{today}'", "is_current": "true"}
        columns = ", ".join(
            f"{added[name]} as {name}"
            if name in mart.added
            else f"json_extract_string(content, '$.{mart.renamed.get(name, name)}')::{kind} as {name}"
            for name, kind in kinds.items()
        )
        connection.execute(
            f"create or replace table analytics.{mart.mart} as"
            f" select {columns} from intermediate.{CHURN} where output = '{mart.output}'"
        )
    connection.execute(
        """
        create or replace table analytics.fct_churn_severity as
        select household_id, churn_probability, interval_width,
            cast(null as double) as median_days_remaining, '[]' as risk_factors,
            case when churn_probability > 0.8 then 'critical' when churn_probability > 0.6 then 'high'
                when churn_probability > 0.4 then 'medium' else 'low' end as severity
        from analytics.ml_churn_predictions;
        create or replace table analytics.older_names as
        select household_id as customer_id, churn_probability as probability,
            1 - interval_width as confidence,
            median_days_remaining as time_to_churn_days, risk_factors, severity,
            scored_as_of + interval 1 day as created_at
        from analytics.fct_churn_severity
        inner join analytics.ml_churn_predictions using (household_id, churn_probability, interval_width);
        drop table if exists analytics.churn_predictions_v2;
        alter table analytics.older_names rename to churn_predictions_v2
        """
    )


def found(built, sql: str) -> list[tuple[str, str]]:
    """Plant a lie in the database, return the messages of the proof, and undo the lie."""
    connection, world, today = built
    variables = project_variables()
    connection.execute("begin")
    try:
        for statement in sql.split(";"):
            connection.execute(statement)
        return [
            *wrong_outputs(connection, today),
            *(("ml_survival_run", messages) for messages in wrong_survival(connection, variables)),
            *wrong_inputs(connection, world),
            *wrong_severities(connection, world, Fraction(9, 10)),
        ]
    finally:
        connection.execute("rollback")


def test_a_true_build_is_proven(built):
    connection, _, _ = built
    assert connection.execute("select count(*) from analytics.ml_churn_predictions").fetchone()[0] > 100
    assert found(built, "select 1") == []


LIES = {
    "an older prediction under today's date": (
        "ml_churn_predictions",
        "update analytics.ml_churn_predictions set model_run_id = 'of last week'"
        " where household_id < 'h0001'",
    ),
    "a prediction of last week under its own date": (
        "ml_churn_predictions",
        "update analytics.ml_churn_predictions set scored_as_of = scored_as_of - 7",
    ),
    "a probability rescaled in SQL": (
        "ml_churn_predictions",
        "update analytics.ml_churn_predictions set churn_probability = churn_probability * 0.999",
    ),
    "a customer without its prediction": (
        "ml_churn_predictions",
        "delete from analytics.ml_churn_predictions where household_id ="
        " (select max(household_id) from analytics.ml_churn_predictions)",
    ),
    "a prediction edited where the run keeps it": (
        "ml_churn_run",
        "update intermediate.ml_churn_run set content = replace(content, 'Low Risk', 'Critical Risk')"
        " where output = 'predictions'",
    ),
    "a run that notes no hashes": (
        "ml_churn_run",
        "delete from intermediate.ml_churn_run where output = 'hashes'",
    ),
    "bins that meet the diagonal": (
        "ml_calibration",
        "update analytics.ml_calibration set observed_rate = mean_predicted",
    ),
    "a metric of another model": (
        "ml_model_metrics",
        "update analytics.ml_model_metrics set value = value + 0.01 where model = 'base_rate'",
    ),
    "a narrower interval": ("ml_model_metrics", "update analytics.ml_model_metrics set ci_low = value"),
    "a curve above the true one": ("ml_model_curves", "update analytics.ml_model_curves set y = sqrt(y)"),
    "another most important feature": (
        "ml_feature_importance",
        "update analytics.ml_feature_importance set feature = 'noise' where importance_rank = 1",
    ),
    "a run that had no skill is called skilled": (
        "ml_model_runs",
        "update analytics.ml_model_runs set reason = 'none' where is_current",
    ),
    "more training rows": (
        "ml_model_candidates",
        "update analytics.ml_model_candidates set training_rows = 100000",
    ),
    "a hazard ratio of one": (
        "ml_survival_summary",
        "update analytics.ml_survival_summary set hazard_ratio = hazard_ratio + 1, note = 'edited'",
    ),
    "better concordance": ("ml_survival_fit", "update analytics.ml_survival_fit set n = n + 1"),
    "a curve of survival lifted": (
        "ml_survival_curves",
        "update analytics.ml_survival_curves set survival = 1",
    ),
    "time left for a customer without any record": (
        "ml_survival_predictions",
        "update analytics.ml_survival_predictions set median_days_remaining = 1000",
    ),
    "a survival run that is kept from before": (
        "ml_survival_run",
        "update intermediate.ml_survival_run set content = replace(content, '\"n\": ', '\"n\": 1')"
        " where output in ('fit', 'curves', 'summary')",
    ),
    "observation that begins before day 90": (
        "int_survival_households",
        "update intermediate.int_survival_households set days_observed = days_observed + 90",
    ),
    "pets of today for those of the first week": (
        "int_survival_households",
        "update intermediate.int_survival_households set initial_pets_count = initial_pets_count + 1",
    ),
    "no household has churned": (
        "int_survival_households",
        "update intermediate.int_survival_households set has_churned = false",
    ),
    "those who churned are left out": (
        "int_survival_households",
        "delete from intermediate.int_survival_households where has_churned",
    ),
    "a first health that no household had": (
        "int_survival_households",
        "update intermediate.int_survival_households"
        " set avg_health_score_first_90d = avg_health_score_first_90d + 1",
    ),
    "a later cohort of those who stayed": (
        "int_survival_households",
        "update intermediate.int_survival_households set is_later_cohort = not has_churned",
    ),
    "features of a week ago for those of today": (
        "int_churn_customers",
        "update intermediate.int_churn_customers set days_since_signup = days_since_signup - 7",
    ),
    "a label that knows more": (
        "int_churn_snapshots",
        "update intermediate.int_churn_snapshots set churned_next_30d = not churned_next_30d",
    ),
    "everybody critical": (
        "fct_churn_severity",
        "update analytics.fct_churn_severity set severity = 'critical'",
    ),
    "a probability beside its prediction": (
        "fct_churn_severity",
        "update analytics.fct_churn_severity set churn_probability = churn_probability / 2",
    ),
    "a prediction for someone who has none": (
        "fct_churn_severity",
        "update analytics.fct_churn_severity set household_id = 'nobody' where household_id ="
        " (select min(household_id) from analytics.fct_churn_severity)",
    ),
    "a width of an interval that is another's": (
        "fct_churn_severity",
        "update analytics.fct_churn_severity set interval_width = interval_width / 2",
    ),
    "a confidence under the older name that is the width": (
        "churn_predictions_v2",
        "update analytics.churn_predictions_v2 set confidence = 1 - confidence",
    ),
    "a customer left out under the older name": (
        "churn_predictions_v2",
        "delete from analytics.churn_predictions_v2 where customer_id ="
        " (select min(customer_id) from analytics.churn_predictions_v2)",
    ),
    "another severity under the older name": (
        "churn_predictions_v2",
        "update analytics.churn_predictions_v2 set severity = 'critical'",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_lie_is_rejected(built, lie):
    name, sql = LIES[lie]
    messages = found(built, sql)
    assert name in {where for where, _ in messages}, messages


def test_the_whole_proof_passes_a_true_build_and_rejects_one_with_edited_marts(
    warehouse_database, warehouse_raw, tmp_path
):
    database = tmp_path / "working.duckdb"
    shutil.copy2(warehouse_database, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        today = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    places = Places(database, tmp_path / "published")
    candidate = Candidate(places, tmp_path / "ledger", {}, {}, project_variables(), warehouse_raw, today)
    assert prove_models(candidate) == []
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into analytics.ml_churn_predictions by name select household_id, 0.5 as churn_probability"
            " from analytics.dim_households limit 1"
        )
    assert any("ml_churn_predictions" in problem.message for problem in prove_models(candidate))


def test_a_mart_without_a_proof_against_its_run_is_named():
    nodes = {
        "model.a.ml_churn_run": {"name": CHURN, "resource_type": "model"},
        "model.a.ml_calibration": {
            "name": "ml_calibration",
            "resource_type": "model",
            "depends_on": {"nodes": ["model.a.ml_churn_run"]},
        },
    }
    assert unknown_marts({"nodes": nodes}) == []
    nodes["model.a.ml_gains"] = {**nodes["model.a.ml_calibration"], "name": "ml_gains"}
    assert unknown_marts({"nodes": nodes}) == ["ml_gains"]


@pytest.mark.parametrize("proof", PROVED_ELSEWHERE.values())
def test_a_proof_that_is_named_for_a_model_exists(proof):
    module, name = proof.split(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_packed_rows_are_read_as_they_were_packed(built, tables):
    connection, _, _ = built
    outputs = packed(connection, CHURN)
    assert set(outputs) == {name for name, table in tables.items() if len(table)}
    assert [json.loads(row)["household_id"] for row in outputs["predictions"]] == list(
        tables["predictions"]["household_id"]
    )
