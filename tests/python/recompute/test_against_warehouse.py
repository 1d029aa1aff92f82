"""The dbt tables must equal the recomputation.

The session fixtures `warehouse_database` and `warehouse_raw` (paths) come from the conftest above.
"""

from __future__ import annotations

import pytest

from customer_success.recount.households.core import KEYS, load_raw, recompute

from .warehouse import compare_all

CHECKED = [*KEYS, "quarantine"]


@pytest.fixture(scope="module")
def results(warehouse_database, warehouse_raw):
    """Recompute once for all tables."""
    ours = recompute(load_raw(warehouse_raw))
    return {result.table: result for result in compare_all(ours, warehouse_database)}


@pytest.mark.parametrize("table", CHECKED)
def test_table_equals_recomputation(results, table):
    """Every row and every column, or the reasons why not."""
    assert not results[table].differences, "\n".join(results[table].differences)


def test_row_counts_reconcile(results):
    """The counts of raw, staged, quarantined and later rows in the reconciliation are right."""
    named = [r for name, r in results.items() if name.startswith("fct_source_reconciliation")]
    if not named:
        pytest.skip("no fct_source_reconciliation in this warehouse")
    assert not named[0].differences, "\n".join(named[0].differences)
