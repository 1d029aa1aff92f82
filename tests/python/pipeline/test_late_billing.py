"""What Stripe says late of days long ago: an incremental build equals one from nothing."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from harness import Sandbox, differences

CASES = Path(__file__).parents[1] / "fixtures" / "connectors"
DAY_ONE, DAY_TWO = date(2024, 12, 30), date(2024, 12, 31)
SELECT = "+fct_health_scores +fct_mrr_movements +fct_subscription_changes +fct_churn_events"
DATED = ("fct_health_scores", "int_household_score_dates", "int_billing_at_score_dates")
# Rows that arrive on the second day, by raw table; each is about a day of the past.
LATE = {
    # An item of June, for a subscription of items since January.
    "stripe.subscription_item": {
        "id": "si3",
        "subscription_id": "s09",
        "plan_id": "seat",
        "quantity": "1",
        "created": "2024-06-01 10:00:00",
    },
    # A cancellation in November that the connector saw at the end of December.
    "stripe.subscription_history": {
        "id": "s29",
        "customer_id": "c_E29",
        "price_id": "m",
        "quantity": "1",
        "status": "canceled",
        "cancel_at_period_end": "false",
        "ended_at": "2024-11-10 10:00:00",
        "_fivetran_start": "2024-12-31 06:00:00",
        "_fivetran_active": "true",
    },
    # Half off for a customer with two subscriptions, for three months from April on.
    "stripe.coupon": {
        "id": "half",
        "percent_off": "50",
        "amount_off": "",
        "currency": "",
        "duration": "repeating",
        "duration_in_months": "3",
    },
    "stripe.discount": {
        "id": "di1",
        "type": "customer",
        "type_id": "c_E08",
        "coupon_id": "half",
        "start": "2024-04-01 00:00:00",
    },
    # The rate of a January day.
    "meta.fx_rates": {"currency": "JPY", "date": "2024-01-12", "rate": "0.007"},
    # A price moves to a product that no plan knows.
    "stripe.product": {"id": "q", "name": "Premium 2025"},
}


def add(raw: Path, table: str, row: dict[str, str]) -> None:
    """Append a row to a raw CSV file, which may not be there yet; a missing value is empty."""
    source, name = table.split(".")
    file = raw / source / f"{name}.csv"
    file.parent.mkdir(exist_ok=True)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines())) if file.exists() else []
    columns = dict.fromkeys([*(rows[0] if rows else ()), *row])
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows([*rows, row])


def with_late_news(raw: Path) -> Path:
    for table, row in LATE.items():
        add(raw, table, row)
    price = raw / "stripe" / "price.csv"
    price.write_text(price.read_text(encoding="utf-8").replace("UP,p,", "UP,q,"), encoding="utf-8")
    return raw


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """One build before the news, one on top of it after, and one from nothing."""
    base = tmp_path_factory.mktemp("late_billing")

    def make(_) -> dict[str, Sandbox]:
        before, after = (Path(shutil.copytree(CASES / "raw", base / name)) for name in ("before", "after"))
        with_late_news(after)
        first = Sandbox(project, base / "first", before).build(DAY_ONE, select=SELECT)
        second = first.copy(base / "second", after).build(DAY_TWO, select=SELECT)
        whole = Sandbox(project, base / "whole", after).build(DAY_TWO, select=SELECT)
        return {"first": first, "second": second, "whole": whole}

    builds.offer("late_billing", make)
    return ["late_billing"]


def test_the_build_is_as_if_made_from_nothing(builds):
    made = builds["late_billing"]
    schemas = ("analytics", "intermediate")
    assert differences(made["second"].database, made["whole"].database, schemas=schemas) == []


@pytest.mark.parametrize("table", DATED)
def test_rows_of_the_past_have_changed(builds, table):
    """The comparison can fail: the first build had other rows for days before its own."""
    made = builds["late_billing"]
    found = differences(
        made["first"].database,
        made["second"].database,
        schemas=("analytics", "intermediate"),
        tables=[table],
        where=f"score_date < date '{DAY_ONE}' - 7",
    )
    assert found != []


MRR = {
    ("E09", "2024-05-26"): ("Premium", 35),
    ("E09", "2024-06-02"): ("Premium", 40),
    ("E29", "2024-11-03"): ("Premium", 20),
    ("E29", "2024-11-10"): None,
    ("E08", "2024-03-31"): ("Premium", 40),
    ("E08", "2024-04-07"): ("Premium", 20),
    ("E08", "2024-07-07"): ("Premium", 40),
    ("E05", "2024-02-04"): ("Premium", 14),
    ("E06", "2024-02-04"): (None, 20),
}


@pytest.mark.parametrize("case", MRR, ids="-".join)
def test_plan_and_mrr_of_a_day_of_the_past(builds, case):
    rows = builds["late_billing"]["second"].rows(
        "select plan_type, mrr from intermediate.int_household_score_dates"
        " where household_id = ? and score_date = ?",
        list(case),
    )
    assert rows == ([MRR[case]] if MRR[case] else [])
