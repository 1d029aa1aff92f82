"""The published counts of raw rows are those of a second reading of the raw tables."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from customer_success.recount.reconciled import COUNTED, prove_counts
from recount.raw_tables import candidate


@pytest.fixture(scope="module")
def copied(warehouse, tmp_path_factory):
    """A copy of a whole build that may be changed."""
    copy = tmp_path_factory.mktemp("counts") / "working.duckdb"
    shutil.copy2(warehouse.database, copy)
    return copy


def test_an_honest_build_is_proved(warehouse, warehouse_raw):
    assert prove_counts(candidate(warehouse.database, warehouse.ledger, warehouse_raw)) == []


@pytest.mark.parametrize(
    ("entity", "measure"), [("households", "rows"), ("events", "rows"), ("charge", "amount")]
)
def test_each_count_that_is_altered_is_found(copied, warehouse, warehouse_raw, entity, measure):
    row = f"entity = '{entity}' and measure = '{measure}'"
    change = "update analytics.fct_source_reconciliation set {} where " + row
    with duckdb.connect(str(copied)) as connection:
        connection.execute(change.format(", ".join(f"{name} = {name} + 1" for name in COUNTED)))
    (problem,) = prove_counts(candidate(copied, warehouse.ledger, warehouse_raw))
    with duckdb.connect(str(copied)) as connection:
        connection.execute(change.format(", ".join(f"{name} = {name} - 1" for name in COUNTED)))
    assert all(f"{name} is" in problem.message for name in COUNTED)
    assert entity in problem.message
