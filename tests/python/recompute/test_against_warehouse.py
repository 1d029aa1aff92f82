"""The dbt tables must be those that the recomputation arrives at.

The session fixtures `warehouse_database` and `warehouse_raw` (paths) come from the conftest above;
`warehouse_as_of` (a date) may be given too, for a warehouse built as of an earlier day.
"""

from __future__ import annotations

import pytest

from .core import KEYS, load_raw, recompute
from .warehouse import compare_all

pytestmark = pytest.mark.builds  # asked for by name, so the hook does not see it

CHECKED = [*KEYS, "quarantine"]


def _optional(request: pytest.FixtureRequest, name: str):
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError:
        return None


@pytest.fixture(scope="module")
def results(request):
    """Recompute once for all tables."""
    database, folder = (_optional(request, f"warehouse_{name}") for name in ("database", "raw"))
    if database is None or folder is None:
        pytest.skip("no warehouse to compare with")
    ours = recompute(load_raw(folder), _optional(request, "warehouse_as_of"))
    return {result.table: result for result in compare_all(ours, database)}


@pytest.mark.parametrize("table", CHECKED)
def test_table_equals_recomputation(results, table):
    """Every row and every column, or the reasons why not."""
    assert not results[table].differences, "\n".join(results[table].differences)


def test_row_counts_reconcile(results):
    """What the reconciliation says of raw, staged, quarantined and invisible rows holds."""
    named = [r for name, r in results.items() if name.startswith("fct_source_reconciliation")]
    if not named:
        pytest.skip("no fct_source_reconciliation in this warehouse")
    assert not named[0].differences, "\n".join(named[0].differences)
