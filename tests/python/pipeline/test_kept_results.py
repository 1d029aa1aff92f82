"""The back-test is kept from build to build as long as nothing that it looks at has changed."""

from __future__ import annotations

import duckdb
import pytest

BACKTEST = "int_health_backtest_fingerprint ml_health_backtest"
# A mark that no measurement makes: gone as soon as the back-test is measured anew.
MARK = "update intermediate.ml_health_backtest set value = -1"
OUTCOMES = "update intermediate.int_health_outcomes set"
NOTHING_TO_BE_SEEN = f"""
    -- A day goes by, on which no outcome becomes known.
    {OUTCOMES} days_known = days_known + 1 where days_known < 29 or days_known > 90;
    -- Who left later than is asked for left later still.
    {OUTCOMES} days_to_left = days_to_left + 1 where days_to_left > 90;
    -- Somebody leaves; whether in time will be known later.
    {OUTCOMES} days_to_left = 5 where days_known < 30
"""
SOMETHING = {
    "it left": f"{OUTCOMES} days_to_left = 5 where days_known > 90 and household_number = 3",
    "another score": f"{OUTCOMES} guide_v1 = 100 - guide_v1 where days_known > 90 and guide_v1 <> 50",
    "outcomes become known": f"{OUTCOMES} days_known = 30 where days_known = (select max(days_known) from"
    " intermediate.int_health_outcomes where days_known < 30)",
    "another band": "update rules.health_bands set min_score = min_score - 1 where min_score = 80",
    "other code": "update intermediate.ml_health_backtest set fingerprint = fingerprint || '0'",
}


@pytest.fixture(scope="module")
def copy(warehouse, tmp_path_factory):
    return warehouse.copy(tmp_path_factory.mktemp("kept") / "copy")


def is_kept(copy, change: str) -> bool:
    """Whether the marked back-test is there after a build on changed tables."""
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(MARK)
        connection.execute(change)
    copy.build(select=BACKTEST)
    marked, rows = copy.rows(
        "select count(*) filter (value = -1), count(*) from intermediate.ml_health_backtest"
    )[0]
    assert rows > 0 and marked in (0, rows)
    return marked == rows


def test_the_backtest_is_kept(copy):
    assert is_kept(copy, NOTHING_TO_BE_SEEN)


@pytest.mark.parametrize("change", SOMETHING)
def test_the_backtest_is_measured_anew(copy, change):
    assert not is_kept(copy, SOMETHING[change])
