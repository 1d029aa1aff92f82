"""Households are read from the tables that metrics are summed from."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from customer_success.claims import household_reader, is_total, resolve
from customer_success.claims.change import COLUMNS

JUNE, MAY = (resolve(month, date(2026, 6, 30)) for month in ("2026-06", "2026-05"))
DEFINITIONS = pd.DataFrame(
    [
        ("household_churn_rate", "starts", "churned", "customers"),
        ("mrr", "starts", "mrr", None),
        ("dau", "starts", "member_days", "period_days"),
    ],
    columns=["metric", "family", "numerator", "denominator"],
)


@pytest.fixture
def read():
    connection = duckdb.connect()
    connection.execute("""
        create table starts as
        select * from (values
            ('month', date '2026-06-01', 'a', 'Free', 1, 1, 10.50, 60, 30),
            ('month', date '2026-06-01', 'b', 'Premium', 0, 1, 20.00, 15, 30),
            ('month', date '2026-06-01', 'c', null, 0, 1, null, 30, 30),
            ('month', date '2026-05-01', 'a', 'Free', 0, 1, 9.00, 31, 31),
            ('quarter', date '2026-04-01', 'a', 'Free', 1, 1, 10.00, 91, 91)
        ) as rows(
            period_grain, period_start, household_id, plan_type, churned, customers, mrr, member_days,
            period_days
        )
    """)
    yield household_reader({"starts": connection.table("starts")}, DEFINITIONS)
    connection.close()


def rows(frame: pd.DataFrame) -> list[tuple]:
    assert list(frame.columns) == COLUMNS
    return sorted(frame.itertuples(index=False, name=None))


def test_one_period_and_all_households(read):
    assert rows(read("household_churn_rate", "all", "all", JUNE)) == [("a", 1, 1), ("b", 0, 1), ("c", 0, 1)]
    assert rows(read("household_churn_rate", "all", "all", MAY)) == [("a", 0, 1)]


def test_one_segment_and_what_is_in_none(read):
    assert rows(read("household_churn_rate", "plan_type", "Premium", JUNE)) == [("b", 0, 1)]
    assert rows(read("household_churn_rate", "plan_type", "unknown", JUNE)) == [("c", 0, 1)]
    assert rows(read("household_churn_rate", "plan_type", "Robert'); drop table starts; --", JUNE)) == []


def test_totals_leave_the_unknown_out(read):
    assert rows(read("mrr", "all", "all", JUNE)) == [("a", 10.5, 1), ("b", 20, 1)]


def test_daily_means_are_per_day(read):
    assert rows(read("dau", "all", "all", JUNE)) == [("a", 2, 1), ("b", 0.5, 1), ("c", 1, 1)]


def test_what_is_a_total():
    assert [is_total(d) for d in DEFINITIONS["denominator"]] == [False, True, True]


def test_a_metric_that_is_not_defined(read):
    with pytest.raises(KeyError, match="happiness"):
        read("happiness", "all", "all", JUNE)
