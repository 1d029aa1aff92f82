"""Lies planted into what a build would publish: found with metric, period, both numbers and a household.

Raw rows are counted once; each lie changes a copy of the published tables, and is undone after.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from harness import END, REPOSITORY

from customer_success.building.candidate import project_variables
from customer_success.proofs import Candidate, Readings
from customer_success.publish import Places
from customer_success.recount.metrics import prove_metrics
from customer_success.recount.metrics.comparing import compare
from customer_success.recount.metrics.counting import count
from customer_success.recount.metrics.definitions import BY_NAME
from customer_success.recount.metrics.prove import show_marts
from customer_success.recount.metrics.rules import Rules
from customer_success.recount.reading import sources_present
from customer_success.recount.reading.opened import opened

CHANGED_TABLES = ("dim_metrics", "published_metrics", "withheld_metrics", "fct_customer_health")


@pytest.fixture(scope="module")
def candidate(warehouse, warehouse_raw) -> Candidate:
    return Candidate(
        places=Places(warehouse.database, warehouse.database.parent),
        ledger=warehouse.ledger,
        manifest={},
        run_results={},
        variables=project_variables(REPOSITORY),
        raw=warehouse_raw,
        as_of_date=END,
    )


@pytest.fixture(scope="module")
def counted(candidate) -> Iterator[duckdb.DuckDBPyConnection]:
    """All metrics counted from raw, beside copies of what the build would publish."""
    with opened(candidate) as (connection, catalog):
        show_marts(connection, catalog)
        views = connection.execute(
            "select view_name from duckdb_views() where schema_name = 'marts'"
        ).fetchall()
        for (view,) in views:
            connection.execute(f"create table marts.{view}_copy as from marts.{view}")
            connection.execute(f"drop view marts.{view}")
            connection.execute(f"alter table marts.{view}_copy rename to {view}")
        present = frozenset(sources_present(connection))
        count(connection, END, present=present, rules=Rules.read(candidate.variables))
        yield connection


def messages_after(counted: duckdb.DuckDBPyConnection, *lies: str) -> list[str]:
    """Plant lies, return the messages, and undo the lies."""
    counted.execute("begin")
    try:
        for lie in lies:
            counted.execute(lie)
        return [problem.message for problem in compare(counted)]
    finally:
        counted.execute("rollback")


def a_row(counted: duckdb.DuckDBPyConnection, metric: str) -> tuple:
    """The last complete row of all households that is published: grain, first day, and its parts."""
    return counted.execute(
        "select period_grain, period_start, numerator, denominator, sample_size, unknown_count"
        " from marts.published_metrics where metric = ? and segment_type = 'all'"
        " order by period_end desc, period_grain limit 1",
        [metric],
    ).fetchone()


def test_an_honest_build_is_proved(candidate):
    assert prove_metrics(candidate) == []


def test_proofs_that_share_the_raw_tables_leave_them_as_they_were(candidate):
    """Counted twice from one reading; tables of the first proof would conflict with the second."""
    with Readings() as readings:
        shared = replace(candidate, readings=readings)
        assert prove_metrics(shared) == prove_metrics(shared) == []
        with opened(shared) as (connection, _):
            schemas = connection.execute("select schema_name from duckdb_schemas() where not internal")
            assert {"marts", "recount"}.isdisjoint(name for (name,) in schemas.fetchall())


def test_each_metric_has_a_definition_here(counted):
    names = {name for (name,) in counted.execute("select metric from marts.dim_metrics").fetchall()}
    assert names == BY_NAME.keys()


# Metric, the part that is altered, and by how much: each family of the recount and each part is in it.
ALTERED = [
    ("nps", "numerator", 1),
    ("nps_response_rate", "denominator", -1),
    ("household_churn_rate", "denominator", -1),
    ("logo_retention", "numerator", 1),
    ("mrr", "numerator", 0.01),
    ("feature_adoption_rate", "unknown_count", 1),
    ("user_retention_d7", "numerator", 1),
    ("dau", "numerator", 1),
    ("dau_mau_ratio", "sample_size", 1),
    ("first_response_hours", "numerator", 0.000001),
    ("one_touch_rate", "numerator", -1),
    ("sla_met_rate", "unknown_count", -1),
    ("healthy_share", "sample_size", 1),
    ("avg_health_score", "numerator", 1),
]


@pytest.mark.parametrize(("metric", "part", "by"), ALTERED, ids=lambda value: str(value))
def test_an_altered_part_is_found(counted, metric, part, by):
    row = a_row(counted, metric)
    assert row is not None, "nothing of it is published"
    grain, first_day, *parts = row
    honest = float(parts[["numerator", "denominator", "sample_size", "unknown_count"].index(part)])
    where = f"metric = '{metric}' and period_grain = '{grain}' and period_start = '{first_day}'"
    lie = f"update marts.published_metrics set {part} = {part} + {by} where {where} and segment_type = 'all'"
    (message,) = messages_after(counted, lie)
    assert message.startswith(f"{metric}, {grain} from {first_day}: ")
    label = {"unknown_count": "unknowns", "sample_size": "sample"}.get(part, part)
    shown = f"{honest + by:.6f}".rstrip("0").rstrip(".")
    assert (
        f"{label} {shown} is published, {f'{honest:.6f}'.rstrip('0').rstrip('.')} counted from raw" in message
    )
    assert "sim_hh_" in message
    assert "No household differs in int_metric_" in message


def test_the_first_household_that_differs_is_named(counted):
    """A payer is dropped from the family table and from what was made of it."""
    grain, first_day, *_ = a_row(counted, "logo_retention")
    period = f"period_grain = '{grain}' and period_start = '{first_day}'"
    ((home,),) = counted.execute(
        f"select max(household_id) from marts.int_metric_starts where {period} and payers_kept = 1"
    ).fetchall()
    messages = messages_after(
        counted,
        f"delete from marts.int_metric_starts where {period} and household_id = '{home}'",
        "update marts.published_metrics set numerator = numerator - 1, denominator = denominator - 1,"
        f" sample_size = sample_size - 1 where metric = 'logo_retention' and {period} and segment = 'all'",
    )
    (message,) = messages
    assert f"First household: {home} (numerator 0 in int_metric_starts, 1 counted from raw" in message


def test_a_value_that_is_not_made_of_its_parts_is_found(counted):
    (message,) = messages_after(
        counted, "update marts.published_metrics set value = value + 1e-9 where metric = 'at_risk_share'"
    )
    assert message.startswith("at_risk_share, ") and "its parts give" in message
    assert "more rows of this metric" in message


def test_a_row_that_is_left_out_is_found(counted):
    grain, first_day, *_ = a_row(counted, "wau")
    (message,) = messages_after(
        counted,
        f"delete from marts.published_metrics where metric = 'wau' and period_grain = '{grain}'"
        f" and period_start = '{first_day}' and segment = 'all'",
    )
    assert f"wau, {grain} from {first_day}" in message
    assert "neither in published_metrics nor in withheld_metrics" in message


def test_a_repeated_row_is_found(counted):
    (message,) = messages_after(
        counted,
        "insert into marts.published_metrics from marts.published_metrics where metric = 'mau' limit 1",
    )
    assert "2 rows are published for this metric, period and segment" in message


def test_a_sample_that_is_too_small_is_found(counted):
    (message,) = messages_after(
        counted, "update marts.dim_metrics set min_sample = 120 where metric = 'critical_share'"
    )
    assert message.startswith("critical_share, ") and "below the minimum of 120" in message


def test_a_period_that_is_not_over_is_found(counted):
    """The week of the build is published, with the numbers that it has so far."""
    (message,) = messages_after(
        counted,
        "insert into marts.published_metrics by name"
        " select * replace ('week' as period_grain, date '2026-06-29' as period_start,"
        " date '2026-07-05' as period_end)"
        " from marts.published_metrics where metric = 'dau' and segment = 'all' limit 1",
        "update marts.published_metrics as shown set numerator = counts.numerator,"
        " denominator = counts.denominator, sample_size = counts.sample_size,"
        " value = counts.numerator / counts.denominator"
        " from recount.counts where shown.period_end = '2026-07-05' and counts.metric = 'dau'"
        " and counts.grain = 'week' and counts.first_day = '2026-06-29' and counts.segment = 'all'",
    )
    assert message.startswith("dau, week from 2026-06-29: published though the period (to 2026-07-05)")


def test_a_sample_of_what_is_withheld_is_found(counted):
    (message,) = messages_after(
        counted,
        "update marts.withheld_metrics set sample_size = sample_size + 1 where metric = 'csat'",
    )
    assert "withheld_metrics gives a sample of" in message


def test_parts_of_what_is_withheld_are_found(counted):
    (message,) = messages_after(
        counted,
        "update marts.fct_metric_values set numerator = numerator + 1"
        " where metric = 'csat' and status = 'insufficient_sample' and sample_size > 0",
    )
    assert message.startswith("csat, ")
    assert "withheld; numerator" in message


def test_withheld_as_incomplete_though_complete_is_found(counted):
    (message,) = messages_after(
        counted,
        "update marts.withheld_metrics set status = 'incomplete_period'"
        " where metric = 'net_revenue_retention'",
    )
    assert "withheld as incomplete_period though the period is over" in message


def test_a_metric_without_a_recount_is_found(counted):
    messages = messages_after(
        counted,
        "insert into marts.dim_metrics by name"
        " select * replace ('happiness' as metric) from marts.dim_metrics where metric = 'nps'",
    )
    assert messages == [
        "The recount has no definition of happiness: add one in recount/metrics/definitions.py."
    ]


def test_a_metric_that_is_gone_from_the_catalogue_is_found(counted):
    messages = messages_after(counted, "delete from marts.dim_metrics where metric = 'csat'")
    assert [message for message in messages if message.startswith("The recount counts csat")]


def test_a_lie_in_the_working_database_stops_the_build(candidate, tmp_path):
    """Through the whole proof: detractors are dropped from the household rows and from what is published."""
    database = Path(shutil.copy2(candidate.places.database, tmp_path / "working.duckdb"))
    with duckdb.connect(str(database)) as connection:
        connection.execute("update intermediate.int_metric_surveys set nps_detractors = 0, nps_balance = 0")
        connection.execute("update analytics.published_metrics set numerator = 0 where metric = 'nps'")
    (problem,) = prove_metrics(replace(candidate, places=Places(database, tmp_path)))
    assert problem.name == "recount of metrics: nps"
    assert "First household: sim_hh_" in problem.message
