"""One definition each: MetricFlow and the ledger have the same value of every metric, period and segment."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from harness import REPOSITORY
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from customer_success.metrics.lock import LOCK, drift, read_lock
from customer_success.metrics.project import read

SEGMENTS = {"all": [], "plan_type": ["plan_type"], "region": ["region"]}


@pytest.fixture(scope="module")
def target(warehouse) -> Path:
    """Folder with what dbt made of the project."""
    return warehouse.project.parsed


@pytest.fixture(scope="module")
def engine(target) -> MetricFlowEngine:
    """MetricFlow with the project's definitions; it writes the queries, DuckDB runs them here."""
    manifest = parse_manifest_from_dbt_generated_manifest((target / "semantic_manifest.json").read_text())
    client = SimpleNamespace(sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer())
    return MetricFlowEngine(SemanticManifestLookup(manifest), client)


@pytest.fixture(scope="module")
def definitions(target):
    return read(REPOSITORY, target)


@pytest.fixture(scope="module")
def metrics(definitions) -> list[str]:
    return sorted(definitions.nodes.metrics)


@pytest.mark.parametrize("segment_type", SEGMENTS)
def test_metricflow_gives_the_numbers_of_the_ledger(engine, warehouse, metrics, segment_type):
    differing = []
    with warehouse.connection() as connection:
        for metric in metrics:
            request = MetricFlowQueryRequest.create(
                metric_names=[metric],
                group_by_names=["metric_time__day", "period_grain", *SEGMENTS[segment_type]],
            )
            rows = connection.execute(engine.explain(request).sql_statement.sql).fetchall()
            asked = {(row[1], row[0].date(), *row[2:-1]): row[-1] for row in rows}
            values = connection.execute(
                "select period_grain, period_start, segment, raw_value from analytics.fct_metric_values"
                " where metric = ? and segment_type = ? and raw_value is not null",
                [metric, segment_type],
            ).fetchall()
            assert values, f"{metric} has no value at all"
            for grain, start, segment, value in values:
                key = (grain, start) if segment_type == "all" else (grain, start, segment)
                answer = asked.pop(key)
                if not math.isclose(answer, value, rel_tol=1e-12):
                    differing.append(f"{metric} {key}: {answer}, in the ledger {value}")
            differing += [
                f"{metric} {key}: {value}, not in the ledger" for key, value in asked.items() if value
            ]
    assert not differing, "\n".join(differing[:20])


def test_definitions_are_valid(definitions):
    assert definitions.problems() == []


def test_the_hash_is_the_same_with_and_without_a_build(definitions, warehouse):
    """From the files of the repository here, from dbt's graph and the tables of the seeds there."""
    built = dict(warehouse.rows("select metric, definition_hash from analytics.dim_metrics"))
    catalogue = definitions.catalogue()
    assert dict(zip(catalogue["metric"], catalogue["definition_hash"], strict=True)) == built


def test_definitions_are_those_locked(definitions):
    assert drift(definitions.catalogue(), read_lock(REPOSITORY / LOCK)) == []


def test_metrics_of_the_specification_are_all_there(metrics):
    """The least that the ledger must know, by the names that readers use."""
    named = {
        *("nps", "nps_response_rate", "csat", "csat_response_rate", "household_churn_rate"),
        *("logo_churn_rate", "revenue_churn_rate", "gross_revenue_retention", "net_revenue_retention"),
        *("logo_retention", "user_retention_d7", "user_retention_d30", "dau", "wau", "mau", "dau_mau_ratio"),
        *("healthy_share", "at_risk_share", "critical_share", "avg_health_score", "first_response_hours"),
        *("resolution_hours", "one_touch_rate", "sla_met_rate", "free_to_paid_conversion"),
        *("feature_adoption_rate", "mrr", "expansion_share"),
    }
    assert named <= set(metrics)
