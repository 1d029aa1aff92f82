"""The validations pass on a true warehouse, and each notices the lies about its subject."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from lies import LIES, TRUE_METRICS, Lie

from customer_success.expectations import Suite, validate
from customer_success.expectations.run import collect, evaluate, prepare, show_earlier
from customer_success.expectations.suites import SUITES

METRICS = {
    "nps": "nps.published_nps_follows_the_formula",
    "household_churn_rate": "churn.published_rate_keeps_the_churned_in_its_denominator",
    "user_retention_d7": "retention.published_day_7_counts_exactly_that_day",
    "user_retention_d30": "retention.published_day_30_counts_exactly_that_day",
}
CHECKS = {f"{suite.name}.{check.key}": check for suite in SUITES for check in suite.checks}


@pytest.fixture(scope="module")
def folder(warehouse_database, tmp_path_factory) -> Path:
    """A copy for lies (under the name that its views refer to), with its own past."""
    folder = tmp_path_factory.mktemp("validations")
    shutil.copy2(warehouse_database, folder / "working.duckdb")
    with duckdb.connect(str(folder / "earlier.duckdb")) as connection:
        connection.execute(f"attach '{folder / 'working.duckdb'}' as built (read_only)")
        connection.execute(
            "create table fct_household_daily as from built.analytics.fct_household_daily"
            " where activity_date <= (select as_of_date - 8 from built.build.parameters)"
        )
    return folder


@pytest.fixture(scope="module")
def results(folder):
    """The results of the validations on the warehouse as it was built."""
    found = validate(folder / "working.duckdb", docs=folder / "docs", earlier=folder / "earlier.duckdb")
    return {f"{result.suite}.{result.expectation}": result for result in found}


@pytest.fixture(scope="module")
def outcomes(folder, results):
    """The result of each check on the truth and on its lies; all evaluated at once."""
    planted = [Lie("the truth", check, "select 1") for check in CHECKS] + LIES
    evidence, checks = {}, []
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        prepare(connection)
        show_earlier(connection, folder / "earlier.duckdb")
        connection.execute(TRUE_METRICS)
        for metric, check in METRICS.items():
            truth = collect(connection, CHECKS[check])["expected"].iloc[0]
            connection.execute(
                "update analytics.published_metrics set value = ? where metric = ?", [float(truth), metric]
            )
        connection.execute(
            "update analytics.published_metrics set denominator = sample_size,"
            " numerator = value * sample_size / case metric when 'nps' then 100 else 1 end"
        )
        for number, lie in enumerate(planted):
            connection.execute("begin")
            for statement in lie.sql.split(";"):
                connection.execute(statement)
            key = f"lie_{number}"
            evidence[key] = collect(connection, CHECKS[lie.check]).assign(check=key)
            connection.execute("rollback")
            checks.append(replace(CHECKS[lie.check], key=key))
    evaluated = evaluate([Suite("lies", tuple(checks))], {"lies": evidence})
    return {(lie.name, lie.check): result for lie, result in zip(planted, evaluated, strict=True)}


def test_a_true_warehouse_passes(results):
    failed = {key: result.details for key, result in results.items() if result.status == "fail"}
    assert not failed


def test_only_what_may_warn_warns(results):
    warned = {key for key, result in results.items() if result.status == "warning"}
    assert warned <= {key for key, check in CHECKS.items() if check.warns}


def test_all_checks_are_carried_out_that_have_something_to_look_at(results):
    published = {key for key, check in CHECKS.items() if "analytics.published_metrics" in check.needs}
    assert set(CHECKS) - published <= set(results)


def test_results_are_in_the_warehouse(folder, results):
    with duckdb.connect(str(folder / "working.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select suite || '.' || expectation, target, status, evidence"
            " from analytics.fct_validation_results"
        ).fetchall()
    assert {row[0] for row in rows} == set(results)
    assert all(target and evidence for _, target, _, evidence in rows)


def test_data_docs_can_be_browsed(folder, results):
    pages = [page.read_text(encoding="utf-8") for page in (folder / "docs").rglob("*.html")]
    for suite in {result.suite for result in results.values()}:
        assert any(suite in page for page in pages)
    assert (folder / "docs" / "index.html").exists()


@pytest.mark.parametrize("check", CHECKS)
def test_the_truth_passes(outcomes, check):
    result = outcomes["the truth", check]
    assert result.status == "pass" or (CHECKS[check].warns and result.status == "warning"), result.details


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_lie_is_noticed(outcomes, lie):
    result, truth = outcomes[lie.name, lie.check], outcomes["the truth", lie.check]
    assert result.status == ("warning" if CHECKS[lie.check].warns else "fail"), result.details
    assert result.unexpected_count > truth.unexpected_count


def test_each_check_has_a_lie_it_must_notice():
    assert {lie.check for lie in LIES} == set(CHECKS)
