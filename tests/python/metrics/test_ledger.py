"""The ledger keeps published values, and a change of one is shown with its reason."""

from __future__ import annotations

import duckdb
import pytest

from customer_success.metrics import record_published

PUBLISHED = "ledger.ledger.published_metric_values"
KEYS = "metric, period_grain, period_start, segment_type, segment"


def opened(sandbox) -> duckdb.DuckDBPyConnection:
    """The working database of a sandbox with its ledger, both to write in."""
    connection = duckdb.connect(str(sandbox.database))
    connection.execute(f"attach '{sandbox.ledger}' as ledger")
    return connection


@pytest.fixture(scope="module")
def published(warehouse, tmp_path_factory):
    """A copy of the warehouse whose metrics were published once."""
    copy = warehouse.copy(tmp_path_factory.mktemp("ledger") / "copy")
    with opened(copy) as connection:
        copy.recorded = [record_published(connection), record_published(connection)]
    return copy


def test_what_is_published_is_recorded(published):
    assert published.recorded[0] == published.value("select count(*) from analytics.published_metrics") > 0
    differing = f"""select count(*) from analytics.published_metrics as shown
        left join {PUBLISHED} as recorded using ({KEYS}) where recorded.value is distinct from shown.value"""
    assert published.value(differing) == 0


def test_publishing_the_same_again_adds_nothing(published):
    assert published.recorded[1] == 0


# Changes to the values in the ledger: the change, and the reason that must be given.
BEFORE = {
    "late data": "value = value - 1, as_of_date = as_of_date - 1",
    "correction": "value = value - 1",
    "definition change": "value = value - 1, definition_hash = 'other', as_of_date = as_of_date - 1",
    "erasure": "value = value - 1, erased_households = -1, as_of_date = as_of_date - 1",
    "only the hash": "definition_hash = 'other'",
    "published by a later build": "value = value - 1, as_of_date = as_of_date + 1",
}


@pytest.fixture(scope="module")
def restated(published):
    """The same build again, after other values were written into the ledger."""
    with opened(published) as connection:
        rows = connection.execute(
            f"select {KEYS} from {PUBLISHED} where value is not null order by all limit {len(BEFORE)}"
        ).fetchall()
        chosen = dict(zip(BEFORE, rows, strict=True))
        for what, key in chosen.items():
            connection.execute(f"update {PUBLISHED} set {BEFORE[what]} where ({KEYS}) = (?, ?, ?, ?, ?)", key)
        withdrawn = connection.execute(
            f"select {KEYS} from analytics.fct_metric_values"
            " where status = 'insufficient_sample' order by all limit 1"
        ).fetchone()
        connection.execute(
            f"insert into {PUBLISHED} by name select * replace (? as metric, ? as period_grain,"
            f" ? as period_start, ? as segment_type, ? as segment) from {PUBLISHED} limit 1",
            withdrawn,
        )
    published.dbt("run", "--select", "int_metric_changes", "fct_metric_restatements").must_succeed()
    rows = published.rows(
        f"select ({KEYS}), reason_class, old_value, new_value from analytics.fct_metric_restatements"
    )
    found = {tuple(key.values()) if isinstance(key, dict) else key: rest for key, *rest in rows}
    return {what: found.get(key) for what, key in chosen.items()} | {
        "withdrawn": found.get(withdrawn),
        "count": len(found),
    }


@pytest.mark.parametrize("reason", ["late data", "correction", "definition change", "erasure"])
def test_a_changed_value_is_restated_with_its_reason(restated, reason):
    stored, old, new = restated[reason]
    assert stored == reason
    assert new == pytest.approx(old + 1)


def test_a_value_that_lost_its_sample_is_withdrawn(restated):
    _, old, new = restated["withdrawn"]
    assert old is not None and new is None


def test_nothing_else_is_restated(restated):
    """A definition with the same value, and a build that knows less than what was published."""
    assert restated["only the hash"] is None and restated["published by a later build"] is None
    assert restated["count"] == 5


def test_restatements_stay_after_the_new_values_are_published(published, restated):
    before = published.rows("select * from analytics.fct_metric_restatements order by all")
    with opened(published) as connection:
        assert record_published(connection) == 6  # the five restated values and the one with another hash
    published.dbt("run", "--select", "int_metric_changes", "fct_metric_restatements").must_succeed()
    assert published.rows("select * from analytics.fct_metric_restatements order by all") == before


def test_the_ledger_of_values_has_no_household(published):
    columns = published.rows(
        "select column_name from duckdb_columns() where table_name = 'published_metric_values'"
    )
    assert not any("household_id" in name or "user" in name for (name,) in columns)
