"""Reports from the field (see fixtures/connectors): the values that must come out, by the recount alone."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from recount.billing_company import Recounts

CASES = Path(__file__).parents[1] / "fixtures" / "connectors"
AS_OF = date(2024, 12, 31)
# How the key of a case is made of the columns of a recomputed table.
KEYS = {
    "dim_households": ("household_id",),
    "dim_subscriptions": ("household_id",),
    "fct_churn_events": ("household_id", "churn_number"),
    "fct_events": ("event_id",),
    "fct_mrr_movements": ("household_id", "month_start"),
    "fct_nps_surveys": ("response_id",),
    "fct_subscription_changes": ("household_id", "changed_at"),
    "fct_support_tickets": ("ticket_id",),
    "stg_stripe__invoice": ("id",),
}


@pytest.fixture(scope="module")
def recounts() -> Recounts:
    return Recounts(CASES / "raw", AS_OF, {})


def cases() -> list:
    with (CASES / "expected.csv").open(encoding="utf-8", newline="") as rows:
        return [pytest.param(row, id=f"{row['key']}-{row['column']}") for row in csv.DictReader(rows)]


def key_of(row: dict, columns: tuple[str, ...]) -> str:
    parts = [row[column] for column in columns]
    if columns[-1] in ("month_start", "changed_at"):
        parts[-1] = parts[-1].strftime("%Y-%m" if columns[-1] == "month_start" else "%Y-%m-%d")
    return "/".join(map(str, parts))


def shown(value: object) -> str:
    """Write a value as expected.csv does."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return str(value.date()) if value == pd.Timestamp(value.date()) else value.isoformat(" ")
    return str(value)


def agrees(value: object, expected: str) -> bool:
    if expected and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return round(float(value), 6) == float(expected)
    return shown(value) == expected


def rows_of(recounts: Recounts, table: str) -> list[dict]:
    if table == "stg_stripe__invoice":
        paid = recounts.staged["stripe.invoice"].copy()
        paid["amount_paid"] = paid["amount_paid"] / 100
        return paid.to_dict("records")
    return recounts.tables[table].to_dict("records")


@pytest.mark.parametrize("case", cases())
def test_the_value_that_must_come_out(recounts, case):
    columns = KEYS[case["table"]]
    found = [row for row in rows_of(recounts, case["table"]) if key_of(row, columns) == case["key"]]
    if case["column"] == "count":
        assert len(found) == int(case["expected"])
        return
    assert len(found) == 1
    value = found[0][case["column"]]
    assert agrees(value, case["expected"]), f"{value!r} is not {case['expected']!r}"


def test_both_recounts_say_the_same_of_each_day(recounts):
    assert recounts.differences() == []


def test_seats_of_two_items(recounts):
    assert recounts.row("dim_subscriptions", household_id="E09")["quantity"] == 4


def test_the_metrics_count_what_the_recomputed_tables_say(recounts):
    """MRR of the last month, its payers, and those whose MRR is unknown."""
    homes = recounts.tables["dim_households"]
    known = homes["mrr"].map(lambda value: value is not None and value > 0)
    assert recounts.days
    row = recounts.connection.execute(
        "select numerator, sample_size, unknown_count from recount.counts"
        " where metric = 'mrr' and grain = 'month' and first_day = date '2024-12-01' and segment = 'all'"
    ).fetchone()
    assert float(row[0]) == float(sum(homes["mrr"][known]))
    assert tuple(row[1:]) == (int(known.sum()), 3)  # E02, E05 and E33 pay, and nobody knows how much
