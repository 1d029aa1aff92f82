"""A project whose checks are weakened in any way is not published; an unchanged one is.

The projects are copies that dbt only parses: the manifest has the definitions of the checks.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml
from harness import REPOSITORY, Project

from customer_success.checks import LOCK, prove
from customer_success.proofs import Candidate
from customer_success.publish import Places
from customer_success.publish.gate import Problem

BILLING = "models/marts/billing/_billing__models.yml"
UNIT_TESTS = "models/marts/billing/_billing__unit_tests.yml"


@contextmanager
def yaml_of(file: Path) -> Iterator[dict]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    yield content
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def column(content: dict, model: str, name: str) -> dict:
    found = next(one for one in content["models"] if one["name"] == model)
    return next(one for one in found["columns"] if one["name"] == name)


def before(file: Path, text: str) -> None:
    file.write_text(text + file.read_text(encoding="utf-8"), encoding="utf-8")


def after(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def weaken_here_and_there(project: Path) -> None:
    """Weaken many checks, each in its own file or place, so that one parse shows them all."""
    singular = project / "tests" / "singular"
    (singular / "churn" / "assert_churn_spells_are_separate.sql").unlink()
    before(singular / "churn" / "assert_survival_curves_fall.sql", "{{ config(enabled=false) }}\n")
    before(singular / "quality" / "assert_no_raw_rows_are_lost.sql", "{{ config(severity='warn') }}\n")
    after(singular / "metrics" / "assert_metric_segments_add_up.sql", "\nlimit 0\n")
    replace(project / "macros" / "rules" / "safe_ratio.sql", "{% endmacro %}", " {% endmacro %}")
    after(project / "tests" / "generic" / "not_empty.sql", "{# weaker #}")
    replace(project / "tests" / "generic" / "not_empty.sql", "and exists", "and 1 = 0 and exists")
    override = "{% macro get_where_subquery(relation) %}(select * from {{ relation }} limit 0){% endmacro %}"
    (project / "macros" / "dbt" / "get_where_subquery.sql").write_text(override)
    with yaml_of(project / BILLING) as content:
        household = column(content, "dim_subscriptions", "household_id")
        to = household["data_tests"][2]
        household["data_tests"] = [
            {"unique": {"config": {"where": "1 = 0"}}},
            {"not_null": {"config": {"limit": 1}}},
            {"relationships": to["relationships"] | {"config": {"error_if": "> 1000"}}},
        ]
        subscription = column(content, "dim_subscriptions", "subscription_id")
        subscription["data_tests"] = [
            {"unique": {"config": {"fail_calc": "0"}}},
            {"not_null": {"config": {"warn_if": "> 5", "severity": "warn"}}},
        ]
        status = column(content, "dim_subscriptions", "payment_status")
        status["data_tests"][0]["accepted_values"]["arguments"]["values"].append("whatever")
        column(content, "fct_mrr_movements", "is_complete")["data_tests"] = [
            {"not_null": {"config": {"enabled": False}}}
        ]
        payments = next(one for one in content["models"] if one["name"] == "fct_payments")
        payments.setdefault("config", {})["contract"] = {"enforced": False}
    with yaml_of(project / UNIT_TESTS) as content:
        first, second, third = content["unit_tests"][:3]
        content["unit_tests"].remove(first)
        second["expect"]["rows"] = second["expect"]["rows"][:1]
        third["config"] = {"enabled": False}
    replace(project / "dbt_project.yml", "freshness_stale_hours: 72", "freshness_stale_hours: 7200")
    replace(project / "dbt_project.yml", '  - "{{ check_raw_contract() }}"\n', "")
    after(project / "dbt_project.yml", '\non-run-end: "update analytics.fct_payments set amount = 0"\n')


def weaken_all(project: Path) -> None:
    with yaml_of(project / "dbt_project.yml") as content:
        settings = {"severity": "warn", "where": "1 = 0", "limit": 1, "error_if": "> 9", "fail_calc": "0"}
        content["data_tests"] = {f"+{name}": value for name, value in settings.items()}
        content["unit_tests"] = {"customer_success": {"+enabled": False}}


def switch_all_off(project: Path) -> None:
    with yaml_of(project / "dbt_project.yml") as content:
        content["data_tests"] = {"customer_success": {"+enabled": False}}


def store_failures(project: Path) -> None:
    with yaml_of(project / "dbt_project.yml") as content:
        content["data_tests"] = {"+store_failures": True}


@pytest.fixture(scope="session")
def parsed(tmp_path_factory) -> Callable[..., Path]:
    """Make a copy of the project, change it and parse it; returns its folder."""

    def make(change: Callable[[Path], None] | None, **environment: str) -> Path:
        project = Project(tmp_path_factory.mktemp("weakened")).folder
        if change:
            change(project)
        dbt = Path(sys.executable).with_name("dbt")
        command = [str(dbt), "--quiet", "parse", "--target-path", "target", "--log-path", "logs"]
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "CS_"))}
        done = subprocess.run(
            command, cwd=project, env=inherited | environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
        return project

    return make


@pytest.fixture(scope="session")
def unchanged(parsed) -> Path:
    return parsed(None)


@pytest.fixture(scope="session")
def weakened(parsed) -> Path:
    return parsed(weaken_here_and_there)


def candidate(project: Path, folder: Path, overrides: dict | None = None) -> Candidate:
    """Return a build of a project in which all that dbt ran has passed."""
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    names = [key for key, node in manifest["nodes"].items() if node["resource_type"] == "test"]
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute("create schema if not exists analytics")
        connection.execute(
            "create or replace table analytics.fct_metric_values as select 'one' as invocation_id"
        )
    variables = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]
    return Candidate(
        places=Places(folder / "working.duckdb", folder),
        ledger=folder / "ledger.duckdb",
        manifest=manifest,
        run_results={
            "metadata": {"invocation_id": "one"},
            "args": {"vars": overrides or {}},
            "results": [{"unique_id": key, "status": "pass"} for key in [*names, *manifest["unit_tests"]]],
        },
        variables=variables | (overrides or {}),
        raw=None,
        as_of_date=date(2026, 6, 30),
    )


@pytest.fixture
def proved(tmp_path, monkeypatch) -> Callable[..., list[Problem]]:
    def prove_it(project: Path, overrides: dict | None = None) -> list[Problem]:
        monkeypatch.chdir(project)
        return prove(candidate(project, tmp_path, overrides))

    return prove_it


def test_the_project_as_it_is_passes(unchanged, proved):
    """Red where a check was added, changed or removed and `tests/checks.csv` has no row for it."""
    assert not proved(unchanged)


# The beginning of a problem's name, and a part of its message.
WEAKENED = {
    "file deleted": ("test.customer_success.assert_churn_spells_are_separate", "no longer in the project"),
    "singular test disabled": ("test.customer_success.assert_survival_curves_fall", "is disabled"),
    "singular test warns": (
        "test.customer_success.assert_no_raw_rows_are_lost",
        "severity is warn, locked is error; what it checks has changed",
    ),
    "singular test changed": ("test.customer_success.assert_metric_segments_add_up", "what it checks"),
    "a macro that it calls changed": (
        "test.customer_success.assert_metric_values_follow_from_their_components",
        "what it checks has changed",
    ),
    "a var that it reads changed": (
        "test.customer_success.assert_published_metrics_meet_the_rules",
        "or a var",
    ),
    "generic test changed": ("test.customer_success.not_empty_dim_subscriptions_", "what it checks"),
    "dbt's own macro replaced": ("get_where_subquery", "It is not in tests/checks.csv"),
    "where": (
        "test.customer_success.unique_dim_subscriptions_household_id.",
        "where is 1 = 0, locked is not set",
    ),
    "limit": (
        "test.customer_success.not_null_dim_subscriptions_household_id.",
        "limit is 1, locked is not set",
    ),
    "error_if": (
        "test.customer_success.relationships_dim_subscriptions_household_id",
        "error_if is > 1000, locked is != 0",
    ),
    "fail_calc": (
        "test.customer_success.unique_dim_subscriptions_subscription_id.",
        "fail_calc is 0, locked is count(*)",
    ),
    "generic test warns": (
        "test.customer_success.not_null_dim_subscriptions_subscription_id.",
        "severity is warn, locked is error; warn_if is > 5, locked is != 0",
    ),
    "generic test disabled": (
        "test.customer_success.not_null_fct_mrr_movements_is_complete.",
        "is disabled",
    ),
    "argument widened": (
        "test.customer_success.accepted_values_dim_subscriptions_payment_status__current__overdue__failed__cancelled.",
        "no longer in the project",
    ),
    "contract switched off": ("model.customer_success.fct_payments", "enabled is false, locked is true"),
    "unit test deleted": (
        "unit_test.customer_success.fct_subscription_changes.trials_have_change_types_of_their_own",
        "no longer in the project",
    ),
    "unit test expects less": (
        "unit_test.customer_success.fct_subscription_changes.changes_of_plan_are_named_after_both_plans",
        "what it checks has changed",
    ),
    "hook removed": ("on-run-start: check_raw_contract()", "no longer in the project"),
    "hook added": ("on-run-end: update analytics.fct_payments", "It is not in tests/checks.csv"),
}


@pytest.mark.parametrize("how", WEAKENED)
def test_each_way_of_weakening_a_check_is_named(weakened, proved, how):
    name, expected = WEAKENED[how]
    assert [one for one in proved(weakened) if one.name.startswith(name) and expected in one.message]


def test_a_disabled_unit_test_is_named(weakened, proved):
    third = yaml.safe_load(Path(UNIT_TESTS).read_text())["unit_tests"][2]
    name = f"unit_test.customer_success.{third['model']}.{third['name']}"
    assert [one for one in proved(weakened) if one.name == name and "is disabled" in one.message]


def test_settings_of_the_whole_project_weaken_each_test(parsed, proved):
    project = parsed(weaken_all, CS_CONTRACTS="false")
    expected = {one.name: one.message for one in proved(project) if one.status == "not as locked"}
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    tests = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    assert len(tests) > 500
    with (REPOSITORY / "tests" / "checks.csv").open(encoding="utf-8", newline="") as lines:
        only_warn = {row["name"] for row in csv.DictReader(lines) if row["severity"] == "warn"}
    for key, node in tests.items():
        for words in (
            "severity is warn",
            "where is 1 = 0",
            "limit is 1",
            "error_if is > 9",
            "fail_calc is 0",
        ):
            # A filter of the test's own is not replaced by that of the project.
            own_filter = words == "where is 1 = 0" and node["config"]["where"] != "1 = 0"
            # A test that only warns is locked with that severity.
            only_warns = words == "severity is warn" and key in only_warn
            assert own_filter or only_warns or words in expected[key]
    assert sum(node["config"]["where"] == "1 = 0" for node in tests.values()) > 500
    assert sum(key.startswith("unit_test.") and "is disabled" in text for key, text in expected.items()) > 100
    contracts = [key for key in expected if key.startswith("model.") and "enabled is false" in expected[key]]
    assert len(contracts) > 50


def test_tests_that_are_all_switched_off_are_missed(parsed, proved):
    expected = [one for one in proved(parsed(switch_all_off)) if "is disabled" in one.message]
    assert len(expected) > 500


def test_where_failures_are_stored_weakens_nothing(parsed, proved):
    assert not proved(parsed(store_failures))


@pytest.mark.parametrize(
    ("overrides", "is_published"),
    [
        ({"raw_data_path": "elsewhere", "raw_schema_stripe": "stripe", "as_of_date": "2026-06-01"}, True),
        ({"min_known_weight": 0.5}, True),
        ({"min_known_weight": 0.0}, False),
        ({"nps_valid_days": 9999}, False),
    ],
)
def test_rules_are_those_of_the_repository(unchanged, proved, overrides, is_published):
    found = [one for one in proved(unchanged, overrides) if one.name == f"var {next(iter(overrides))}"]
    assert bool(found) is not is_published


def test_a_var_that_only_the_command_line_knows_is_seen_by_the_check_that_reads_it(
    unchanged, tmp_path, monkeypatch
):
    """For example `allow_future_as_of`, if dbt_project.yml did not have it."""
    monkeypatch.chdir(unchanged)
    built = candidate(unchanged, tmp_path, {"lenient": True})
    key = "test.customer_success.assert_no_raw_rows_are_lost"
    built.manifest["nodes"][key]["raw_code"] += "{{ var('lenient', false) }}"
    strict = candidate(unchanged, tmp_path)
    strict.manifest["nodes"][key]["raw_code"] += "{{ var('lenient', false) }}"
    from customer_success.checks.dbt_checks import dbt_checks

    hashes = [
        next(one.definition_hash for one in dbt_checks(each.manifest, each.variables) if one.name == key)
        for each in (built, strict)
    ]
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize(
    ("status", "expected"), [(None, "did not run"), ("warn", "ended with warn"), ("no-op", "no-op")]
)
def test_a_check_that_did_not_pass_is_named(unchanged, tmp_path, monkeypatch, status, expected):
    monkeypatch.chdir(unchanged)
    built = candidate(unchanged, tmp_path)
    results = built.run_results["results"]
    one = next(result for result in results if result["unique_id"].startswith("test."))
    if status:
        one["status"] = status
    else:
        results.remove(one)
    (problem,) = prove(built)
    assert problem.name == one["unique_id"] and expected in problem.message


def test_a_database_that_another_run_has_built_is_not_published(unchanged, tmp_path, monkeypatch):
    """As if a profile had another path for dbt."""
    monkeypatch.chdir(unchanged)
    built = candidate(unchanged, tmp_path)
    built.run_results["metadata"]["invocation_id"] = "two"
    (problem,) = prove(built)
    assert "has build one" in problem.message


@pytest.mark.parametrize("text", [None, "kind,name\nproof,x\n", ""])
def test_without_a_lock_nothing_is_published(unchanged, tmp_path, monkeypatch, text):
    (tmp_path / "tests").mkdir()
    (tmp_path / "dbt_project.yml").write_text((unchanged / "dbt_project.yml").read_text())
    if text is not None:
        (tmp_path / LOCK).write_text(text)
    built = candidate(unchanged, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert prove(built)


def test_what_dbt_notes_while_it_runs_a_test_is_not_part_of_it(unchanged, tmp_path, monkeypatch):
    """A build's manifest names macros that dbt called to run a test; that of a parse does not."""
    monkeypatch.chdir(unchanged)
    built = candidate(unchanged, tmp_path)
    for node in built.manifest["nodes"].values():
        node["depends_on"].setdefault("macros", []).append("macro.dbt.statement")
    assert not prove(built)


def test_each_problem_says_what_to_do_or_where_to_look(weakened, proved):
    for problem in proved(weakened):
        assert problem.file and (
            re.search(r"checks lock --note", problem.message) or problem.status == "not passed"
        )
