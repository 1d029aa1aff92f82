"""Claims are checked before they are merged, with and without a built database."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest
from claim_data import METRICS, RUN, claim, ledger_row, model_rows
from harness import REPOSITORY

from customer_success.claims.__main__ import main, read_metrics, read_settings
from customer_success.claims.check import problems

KNOWN = METRICS.set_index("metric")[["unit", "direction"]].to_dict("index")
WIDEST = 0.1


def seed_of(*claims) -> pd.DataFrame:
    return pd.DataFrame([{name: getattr(one, name) for name in one.__slots__} for one in claims])


def test_the_claims_of_the_project_are_well_formed():
    table = pd.read_csv(REPOSITORY / "seeds" / "claims" / "claims.csv")
    assert problems(table, read_metrics(REPOSITORY), read_settings(REPOSITORY)["widest"]) == []


@pytest.mark.parametrize(
    ("fields", "objection"),
    [
        ({"metric": "happiness"}, "there is no metric happiness"),
        ({"period_a": "recently"}, "'recently' is no period"),
        ({"period_a": "quarter-1", "status": "published"}, "its period quarter-1 moves"),
        ({"period_a": "trailing_90", "status": "published"}, "its period trailing_90 moves"),
    ],
)
def test_what_is_wrong_with_a_claim_is_reported(fields, objection):
    found = problems(seed_of(claim(claimed_value=1, statement="NPS is 1", **fields)), KNOWN, WIDEST)
    assert len(found) == 1 and objection in found[0] and found[0].startswith("claim c1: ")


def test_a_malformed_claim_and_one_with_two_rows():
    table = seed_of(claim(claimed_value=1), claim(claimed_value=1))
    assert problems(table, KNOWN, WIDEST) == ["claim c1: has two rows in the seed"]
    table["comparison"] = "rose"
    assert "claim c1: comparison 'rose'" in problems(table, KNOWN, WIDEST)


@pytest.fixture
def project(tmp_path):
    """A project with one claim, and a database that supports it."""
    (tmp_path / "seeds" / "claims").mkdir(parents=True)
    (tmp_path / "models" / "semantic").mkdir(parents=True)
    (tmp_path / "models" / "semantic" / "a.yml").write_text(
        "metrics: [{name: nps, config: {meta: {unit: points, direction: up}}}]"
    )
    (tmp_path / "dbt_project.yml").write_text(
        "vars: {claim_alpha: 0.05, random_seed: 7, claim_widest_tolerance: 0.1}"
    )
    tables = {
        "intermediate.int_metric_definitions": METRICS.assign(family="int_metric_surveys", numerator="n"),
        "intermediate.int_metric_periods": pd.DataFrame({"end_day": [pd.Timestamp("2026-06-30").date()]}),
        "intermediate.int_metric_surveys": pd.DataFrame({"n": [1]}),
        "analytics.fct_metric_values": pd.DataFrame([ledger_row("nps", "2026-06-01", 30, 20, 40, 200)]),
        "analytics.ml_model_runs": pd.DataFrame([{**RUN, "is_current": True}]),
        "analytics.ml_model_metrics": pd.DataFrame(model_rows(roc_auc=0.8)),
    }
    with duckdb.connect(str(tmp_path / "built.duckdb")) as connection:
        connection.execute("create schema intermediate; create schema analytics")
        for name, rows in tables.items():
            connection.register("rows", rows)
            connection.execute(f"create table {name} as from rows")
    return tmp_path


@pytest.mark.parametrize(
    ("claimed", "status", "code"), [(10, "published", 0), (25, "published", 1), (25, "draft", 0)]
)
def test_only_a_published_claim_must_hold(project, capsys, claimed, status, code):
    seed_of(claim(claimed_value=claimed, statement=f"NPS is {claimed}", status=status)).to_csv(
        project / "seeds" / "claims" / "claims.csv", index=False
    )
    assert main(["--project", str(project), "--database", str(project / "built.duckdb")]) == code
    fields = capsys.readouterr()
    assert ("c1 is published and insufficient_evidence" in fields.err) == bool(code)
    assert f"c1 ({status}): " in fields.out


def test_without_a_build_only_the_form_is_checked(project, capsys):
    seed_of(claim(claimed_value=25, statement="NPS is 25", status="published")).to_csv(
        project / "seeds" / "claims" / "claims.csv", index=False
    )
    assert main(["--project", str(project), "--database", str(project / "absent.duckdb")]) == 0
    assert "to compare them with data" in capsys.readouterr().out


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_claim_that_says_another_number_is_refused_without_a_build(project, capsys, status):
    seed_of(claim(claimed_value=-100, statement="Our NPS is 80", status=status)).to_csv(
        project / "seeds" / "claims" / "claims.csv", index=False
    )
    assert main(["--project", str(project), "--database", str(project / "absent.duckdb")]) == 1
    fields = capsys.readouterr().err
    assert "claim c1: the statement says 80, the claim -100" in fields
    assert "claim c1: at_least -100 holds for every value" in fields


def test_a_database_of_part_of_the_project_is_not_enough(project, capsys):
    seed_of(claim(claimed_value=25, statement="NPS is 25", status="published")).to_csv(
        project / "seeds" / "claims" / "claims.csv", index=False
    )
    with duckdb.connect(str(project / "built.duckdb")) as connection:
        connection.execute("drop table analytics.fct_metric_values")
    assert main(["--project", str(project), "--database", str(project / "built.duckdb")]) == 0
    assert "lacks a table" in capsys.readouterr().out
