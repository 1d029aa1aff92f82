"""The back-test is kept from build to build as long as its input has not changed."""

from __future__ import annotations

import duckdb
import pytest

FINGERPRINT, BACKTEST = "int_health_backtest_fingerprint", "ml_health_backtest"
OUTCOMES = "update intermediate.int_health_outcomes set"
NOTHING_TO_BE_SEEN = f"""
    -- A day goes by, on which no outcome becomes known.
    {OUTCOMES} days_known = days_known + 1 where days_known < 29 or days_known > 90;
    -- Households that left after the horizon left even later.
    {OUTCOMES} days_to_left = days_to_left + 1 where days_to_left > 90;
    -- A household leaves; whether in time will be known later.
    {OUTCOMES} days_to_left = 5 where days_known < 30
"""
SOMETHING = {
    "a household left": f"{OUTCOMES} days_to_left = 5 where days_known > 90 and household_number = 3",
    "another score": f"{OUTCOMES} guide_v1 = 100 - guide_v1 where days_known > 90 and guide_v1 <> 50",
    "outcomes become known": f"{OUTCOMES} days_known = 30 where days_known = (select max(days_known) from"
    " intermediate.int_health_outcomes where days_known < 30)",
    "a customer is gone": "delete from intermediate.int_health_outcomes where household_number = 3",
    "another band": "update rules.health_bands set min_score = min_score - 1 where min_score = 80",
}


@pytest.fixture(scope="module")
def copy(warehouse, tmp_path_factory):
    copy = warehouse.copy(tmp_path_factory.mktemp("kept") / "copy")
    copy.dbt("compile", "--select", FINGERPRINT).must_succeed()
    return copy


@pytest.fixture
def fingerprint(copy):
    """The fingerprint after a change, which is undone."""
    folder = copy.folder / "target/compiled/customer_success/models/intermediate/health"
    sql = (folder / f"{FINGERPRINT}.sql").read_text(encoding="utf-8")

    def after(change: str = "select 1") -> str:
        with duckdb.connect(str(copy.database)) as connection:
            connection.execute("begin").execute(change)
            found = connection.execute(sql).fetchone()[0]
            connection.execute("rollback")
        return found

    return after


def test_unused_columns_leave_the_fingerprint(fingerprint):
    assert fingerprint(NOTHING_TO_BE_SEEN) == fingerprint()


@pytest.mark.parametrize("change", SOMETHING)
def test_used_columns_change_the_fingerprint(fingerprint, change):
    assert fingerprint(SOMETHING[change]) != fingerprint()


def test_the_same_fingerprint_keeps_the_backtest_and_another_measures_it_again(copy):
    def marked_rows(change: str) -> tuple[int, int]:
        with duckdb.connect(str(copy.database)) as connection:
            connection.execute(f"update intermediate.{BACKTEST} set value = -1, {change}")
        copy.build(select=BACKTEST)
        return copy.rows(f"select count(*) filter (value = -1), count(*) from intermediate.{BACKTEST}")[0]

    kept, rows = marked_rows("reason = reason")
    assert kept == rows > 0
    assert marked_rows("fingerprint = fingerprint || 'of other code'") == (0, rows)
