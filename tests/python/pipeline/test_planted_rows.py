"""Each check of the project's own has a row that it must reject: the files in tests/planted.

A file is named like the dbt test that must fail; its SQL damages a copy of a
warehouse whose tests all passed.
"""

from __future__ import annotations

import re

import duckdb
import pytest
from harness import REPOSITORY

# What is worth a word and no reason to stop.
WARNINGS = {
    "assert_companies_lead_to_households",
    "assert_each_product_has_a_plan",
    "assert_paying_customers_have_a_household",
    "assert_regions_are_expected",
    "assert_tickets_lead_to_households",
}
PLANTED = sorted((REPOSITORY / "tests" / "planted").glob("*.sql"))


@pytest.fixture(scope="module")
def verdicts(warehouse, tmp_path_factory) -> dict[str, str]:
    """Status of each planted check, by the name of the check, after all rows were planted."""
    spoiled = warehouse.copy(tmp_path_factory.mktemp("planted") / "copy")
    with duckdb.connect(str(spoiled.database)) as connection:
        for file in PLANTED:
            connection.execute(file.read_text())
    run = spoiled.dbt("test", "--select", *(file.stem for file in PLANTED))
    return {unique_id.split(".")[2]: status for unique_id, status in run.statuses().items()}


@pytest.mark.parametrize("check", [file.stem for file in PLANTED])
def test_check_rejects_its_planted_row(check, verdicts):
    assert verdicts.get(check) == ("warn" if check in WARNINGS else "fail")


def test_each_singular_test_has_a_planted_row():
    singular = {file.stem for file in (REPOSITORY / "tests" / "singular").rglob("*.sql")}
    assert singular <= {file.stem for file in PLANTED}


def test_each_generic_test_has_a_planted_row():
    names = [
        re.search(r"{% test (\w+)\(", file.read_text())[1]
        for file in (REPOSITORY / "tests" / "generic").glob("*.sql")
    ]
    for name in names:
        assert any(file.stem.startswith(name + "_") for file in PLANTED), name
