"""Conditions on a run of dbt for its publication."""

from __future__ import annotations

import copy

import pytest

from customer_success.publish import read_gate

MANIFEST = {
    "nodes": {
        "model.p.fct_payments": {
            "name": "fct_payments",
            "resource_type": "model",
            "original_file_path": "models/marts/billing/fct_payments.sql",
        },
        "seed.p.plans": {"name": "plans", "resource_type": "seed"},
        "test.p.unique": {"name": "unique_charge", "resource_type": "test"},
        "analysis.p.report": {"name": "report", "resource_type": "analysis"},
    },
    "unit_tests": {"unit_test.p.refund": {"name": "refund", "resource_type": "unit_test"}},
}
RESULTS = {
    "metadata": {"invocation_id": "one"},
    "args": {"which": "build", "empty": False},
    "results": [
        {"unique_id": "model.p.fct_payments", "status": "success", "message": "OK"},
        {"unique_id": "seed.p.plans", "status": "success", "message": None},
        {"unique_id": "test.p.unique", "status": "pass", "message": None},
        {"unique_id": "unit_test.p.refund", "status": "pass", "message": None},
        {"unique_id": "operation.p.hook", "status": "success", "message": None},
    ],
}


@pytest.fixture
def results() -> dict:
    return copy.deepcopy(RESULTS)


def test_a_whole_build_that_passed_may_be_published(results):
    gate = read_gate(MANIFEST, results)
    assert gate.is_whole and not gate.problems
    assert gate.tests_passed == 2
    assert gate.invocation_id == "one"


@pytest.mark.parametrize("left_out", range(3))
def test_any_left_out_node_makes_it_a_part(results, left_out):
    del results["results"][left_out]
    assert not read_gate(MANIFEST, results).is_whole


def test_unit_tests_are_left_to_the_test_suite(results):
    del results["results"][3]
    gate = read_gate(MANIFEST, results)
    assert gate.is_whole and gate.tests_passed == 1


def test_a_build_without_rows_is_a_part(results):
    results["args"]["empty"] = True
    assert not read_gate(MANIFEST, results).is_whole


@pytest.mark.parametrize("status", ["error", "fail", "skipped", "runtime error", "partial success"])
def test_what_failed_is_named_with_its_file(results, status):
    results["results"][0] |= {"status": status, "message": "Database error\n  no such table"}
    (problem,) = read_gate(MANIFEST, results).problems
    assert (problem.name, problem.status) == ("fct_payments", status)
    assert problem.message == "Database error no such table"
    assert problem.file == "models/marts/billing/fct_payments.sql"


def test_a_warning_is_no_failure(results):
    results["results"][2]["status"] = "warn"
    gate = read_gate(MANIFEST, results)
    assert not gate.problems and gate.tests_passed == 1
