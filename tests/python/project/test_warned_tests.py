"""Rows of dbt's tests of severity warn: the screen says which they are, and what to do."""

from __future__ import annotations

import duckdb
import pytest

from customer_success.building.warned import SHOWN, warned_tests

NAME = "test.customer_success.assert_regions_are_expected"
MANIFEST = {"nodes": {NAME: {"name": "assert_regions_are_expected", "original_file_path": "tests/a.sql"}}}
CODE = "select region, count(*) as households from homes where region <> 'EU' group by region order by region"


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "working.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create table homes as select unnest(['EU', 'Atlantis', 'Atlantis', 'Mu']) as region"
        )
    return file


def run(status: str, unique_id: str = NAME, code: str = CODE) -> dict:
    return {"results": [{"unique_id": unique_id, "status": status, "compiled_code": code}]}


def test_each_row_is_said(database):
    found = warned_tests(database, MANIFEST, run("warn"))
    assert [problem.message for problem in found] == [
        "region Atlantis, households 2",
        "region Mu, households 1",
    ]
    assert {(problem.name, problem.status) for problem in found} == {("assert_regions_are_expected", "warn")}


@pytest.mark.parametrize("status", ["pass", "fail", "error"])
def test_only_warnings_are_asked_again(database, status):
    assert warned_tests(database, MANIFEST, run(status)) == []


def test_other_nodes_that_warn_are_no_tests(database):
    assert warned_tests(database, MANIFEST, run("warn", "model.customer_success.a")) == []


def test_a_long_list_ends(database):
    found = warned_tests(database, MANIFEST, run("warn", code="select range from range(1000)"))
    assert len(found) == SHOWN
