"""The machine between tables: rows of a score date become a week, its results one table."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from machine import BOUNDS, RULES

from customer_success.journeys import lifecycle_table, thresholds_of

SUNDAYS = [date(2026, 6, 7) + timedelta(days=7 * week) for week in range(4)]
MONDAY = date(2026, 6, 29)
ROW = {
    "household_number": 0,
    "period_from": date(2026, 6, 3),
    "is_return": False,
    "health": None,
    "login_days": 1,
    "tickets": 0,
    "nps": None,
    "is_trialing": None,
    "progress": 0.25,
    "renewal_days": None,
    "opportunities": 0,
    "override_stage": None,
}
NUMBERS = {"health": "Int16", "nps": "Int16", "renewal_days": "Int16", "is_trialing": "boolean"}


def rows_of(differing: dict[date, dict]):
    def of(day: date) -> pa.Table:
        row = ROW | {"score_date": day, "days_since_signup": (day - ROW["period_from"]).days}
        frame = pd.DataFrame([row | differing.get(day, {})]).astype(NUMBERS)
        return pa.Table.from_pandas(frame, preserve_index=False)

    return of


def test_entries_and_today_come_with_names_and_dates():
    changes = {SUNDAYS[2]: {"progress": 0.75}, SUNDAYS[3]: {"override_stage": "growing"}}
    table = lifecycle_table([*SUNDAYS, MONDAY], rows_of(changes), 1, BOUNDS, first_of_history=SUNDAYS[0])
    entries = table[table["kind"] == "entry"]
    assert list(entries["stage"]) == ["onboarding", "growing"]
    assert [day.date() for day in entries["seen_on"]] == [SUNDAYS[0], SUNDAYS[3]]
    # It signed up before the first Sunday, so its beginning is unknown.
    assert list(entries["rule"]) == [-1, 0]
    (today,) = table[table["kind"] == "today"].to_dict("records")
    assert (today["stage_today"], today["next_stage"]) == ("growing", "expanding")
    assert pd.isna(today["stage"])


def test_where_the_data_begin_later_than_the_history_each_beginning_is_known():
    table = lifecycle_table([*SUNDAYS, MONDAY], rows_of({}), 1, BOUNDS)
    assert table[table["kind"] == "entry"]["rule"].iloc[0] == 2


def test_a_day_without_customers_is_passed_over():
    empty = rows_of({})(SUNDAYS[0]).slice(0, 0)
    table = lifecycle_table(SUNDAYS, lambda day: empty, 0, BOUNDS)
    assert table.empty
    assert list(table["kind"]) == []


def test_each_bound_must_be_there_and_none_other():
    rules = pd.read_csv(RULES)
    with pytest.raises(TypeError):
        thresholds_of(rules.iloc[1:])
    with pytest.raises(TypeError):
        thresholds_of(pd.concat([rules, pd.DataFrame([{"name": "other", "threshold": 1, "reason": "x"}])]))


def test_a_later_beginning_of_the_history_changes_no_spell_of_households_that_came_after_it():
    """Left truncation: what is known from both beginnings on is the same."""
    changes = {SUNDAYS[3]: {"progress": 0.9}}
    whole = [date(2026, 5, 31), *SUNDAYS]
    young = {"household_number": 1, "period_from": date(2026, 6, 10), "days_since_signup": 4}

    def with_young(day: date) -> pa.Table:
        frame = rows_of(changes)(day).to_pandas()
        if day < young["period_from"]:
            return pa.Table.from_pandas(frame, preserve_index=False)
        both = pd.concat([frame, frame.assign(**young)], ignore_index=True).astype(NUMBERS)
        return pa.Table.from_pandas(both, preserve_index=False)

    def spells(dates: list[date]) -> list[tuple]:
        table = lifecycle_table(dates, with_young, 2, BOUNDS, first_of_history=dates[0])
        found = table[(table["kind"] == "entry") & (table["household_number"] == 1)]
        return list(found[["seen_on", "stage"]].itertuples(index=False, name=None))

    assert spells(whole) == spells(SUNDAYS[1:])
    assert len(spells(whole)) == 2
