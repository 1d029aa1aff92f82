"""Coupons and other currencies, by amounts worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from recount.billing_company import Company, On

D = "2024-06-30"


def company(amount: int = 2000, **price) -> Company:
    found = Company()
    found.household()
    found.price("m", amount, **price)
    found.version("2024-01-15")
    return found


def test_percents_multiply_and_amounts_come_after_them(tmp_path):
    """20 x .9 x .5 - 3 = 6; three of them hold in turn."""
    found = company()
    found.coupon("tenth", percent_off="10")
    found.coupon("half", percent_off="50")
    found.coupon("three", amount_off=300)
    for number, (coupon, start) in enumerate({"tenth": "02", "half": "03", "three": "04"}.items()):
        found.discount(f"d{number}", coupon, f"2024-{start}-10 12:00")
    recounts = found.recount(tmp_path)
    assert recounts.mrr("2024-02-09", "2024-02-10", "2024-03-10", "2024-04-10") == [20, 18, 9, 6]
    row = recounts.row("dim_subscriptions")
    assert (row["mrr"], row["mrr_list"]) == (6, 20)
    assert [kind for _, kind in recounts.changes()] == ["Free_to_Premium", *["price_changed"] * 3]


def test_an_amount_is_spread_over_the_months_of_the_interval(tmp_path):
    """120 a year less 24 a year: 8 a month."""
    found = company(12000, recurring_interval="year")
    found.coupon("c", amount_off=2400)
    found.discount("d", "c", "2024-01-15")
    assert found.recount(tmp_path).mrr(D) == [8]


def test_more_than_the_price_is_nothing(tmp_path):
    found = company()
    found.coupon("c", amount_off=9900)
    found.discount("d", "c", "2024-01-15")
    assert found.recount(tmp_path).on(D) == On("Premium", True, 0)


THREE_MONTHS = {"duration": "repeating", "duration_in_months": 3}
# What the coupon is, how it is given, and the MRR before, during and after.
HOLDS = {
    "forever": ({}, {}, [20, 10, 10, 10]),
    "until_its_end": ({}, {"end": "2024-05-10 08:00"}, [20, 10, 20, 20]),
    "repeating": (THREE_MONTHS, {}, [20, 10, 20, 20]),
    "repeating_with_an_end": (THREE_MONTHS, {"end": "2024-11-01"}, [20, 10, 10, 20]),
    "once": ({"duration": "once"}, {}, [20, 20, 20, 20]),
    "of_an_invoice": ({}, {"invoice_id": "in_1"}, [20, 20, 20, 20]),
    "of_an_invoice_item": ({}, {"invoice_item_id": "ii_1"}, [20, 20, 20, 20]),
    "of_the_customer": ({}, {"subscription_id": None}, [20, 10, 10, 10]),
    "no_months": ({"duration": "repeating"}, {}, [20, None, None, None]),
    "takes_nothing_off": ({"percent_off": None}, {}, [20, None, None, None]),
}


@pytest.fixture(scope="module")
def holds(tmp_path_factory):
    """A household for each of them."""
    found = Company()
    found.price("m")
    for home, (coupon, given, _) in HOLDS.items():
        found.household(home)
        found.version("2024-01-15", home=home)
        found.coupon(home, **{"percent_off": "50"} | coupon)
        found.discount(home, home, "2024-02-10 12:00", home, **given)
    return found.recount(tmp_path_factory.mktemp("holds"))


@pytest.mark.parametrize("home", HOLDS)
def test_when_a_coupon_holds(holds, home):
    """From the day it is given to the day before its end."""
    days = ("2024-02-09", "2024-05-09", "2024-05-10", "2024-12-31")
    assert holds.mrr(*days, home=home) == HOLDS[home][2]


def test_a_coupon_of_the_customer_holds_for_each_subscription(tmp_path):
    found = company()
    found.version("2024-01-15", id="second", quantity=2)
    found.coupon("c", percent_off="25")
    found.discount("d", "c", "2024-01-15", subscription_id=None)
    assert found.recount(tmp_path).mrr(D) == [15 + 30]


def test_a_discount_of_both_belongs_to_the_subscription(tmp_path):
    found = company()
    found.version("2024-01-15", id="second", quantity=2)
    found.coupon("c", percent_off="25")
    found.discount("d", "c", "2024-01-15", table="discount", type="CUSTOMER", type_id="cus_h")
    assert found.recount(tmp_path).mrr(D) == [15 + 40]


@pytest.mark.parametrize(
    ("kind", "holder", "mrr"),
    [("subscription", "sub_h", 15 + 40), ("customer", "cus_h", 15 + 30), ("invoice", "in_1", 20 + 40)],
)
def test_older_discounts_name_their_holder_by_type(tmp_path, kind, holder, mrr):
    found = company()
    found.version("2024-01-15", id="second", quantity=2)
    found.coupon("c", percent_off="25")
    customer = "cus_h" if kind == "invoice" else None
    row = {"type": kind, "type_id": holder, "customer_id": customer}
    found.add("stripe.discount", id="d", coupon_id="c", start="2024-01-15", **row)
    assert found.recount(tmp_path).mrr(D) == [mrr]


def test_a_discount_in_both_tables_counts_once(tmp_path):
    found = company()
    found.coupon("c", percent_off="50")
    for table in ("discount", "subscription_discount"):
        found.discount("d", "c", "2024-01-15", table=table)
    assert found.recount(tmp_path).mrr(D) == [10]


def test_a_coupon_that_is_not_there_makes_the_mrr_unknown(tmp_path):
    found = company()
    found.discount("d", "gone", "2024-03-10")
    recounts = found.recount(tmp_path)
    assert recounts.mrr("2024-03-09", "2024-03-10") == [20, None]
    row = recounts.row("dim_subscriptions")
    assert (row["mrr"], row["mrr_list"], row["mrr_unknown_reason"]) == (None, 20, "no_coupon")


def test_a_deleted_coupon_stays_readable(tmp_path):
    found = company()
    found.coupon("c", percent_off="50", is_deleted=True)
    found.discount("d", "c", "2024-03-10")
    assert found.recount(tmp_path).mrr(D) == [10]


def test_a_coupon_of_100_percent_is_a_free_period(tmp_path):
    """Still paying, MRR and list 0; a contraction and an expansion."""
    found = company()
    found.coupon("c", percent_off="100", duration="repeating", duration_in_months=2)
    found.discount("d", "c", "2024-03-10")
    recounts = found.recount(tmp_path, as_of=date.fromisoformat("2024-04-15"))
    assert recounts.on("2024-04-15") == On("Premium", True, 0)
    assert recounts.row("dim_subscriptions")["mrr_list"] == 0
    recounts = found.recount(tmp_path)
    moves = {"01": {"new": 20}, "03": {"contraction": 20}, "05": {"expansion": 20}}
    assert recounts.movements() == moves
    assert [kind for _, kind in recounts.changes()] == ["Free_to_Premium", "price_changed", "price_changed"]


# ------------------------------------------------------------------------------------ currencies


def test_a_price_is_converted_at_the_rate_of_the_first_day_of_its_version(tmp_path):
    """20 euro: 22 by the rate of 15 January, 24 from the version of March on; later rates change nothing."""
    found = company(currency="EUR")
    found.version("2024-03-20")
    found.rate("2024-01-15", "1.1")
    found.rate("2024-02-01", "9")
    found.rate("2024-03-13", "1.2")  # 7 days before: the latest that still counts
    recounts = found.recount(tmp_path)
    assert recounts.mrr("2024-02-10", "2024-03-19", "2024-03-20") == [22, 22, 24]


def test_without_a_rate_the_plan_is_known_and_the_mrr_is_not(tmp_path):
    """A rate of 8 days before is too old, and one of the day after too young."""
    found = company(currency="eur")
    found.rate("2024-01-07", "1.1")
    found.rate("2024-01-16", "1.1")
    found.rate("2024-01-15", "1.1", currency="gbp")
    recounts = found.recount(tmp_path)
    assert recounts.on(D) == On("Premium", True, None)
    assert recounts.row("dim_households")["is_active"]
    assert recounts.row("dim_subscriptions")["mrr_unknown_reason"] == "no_exchange_rate"


def test_a_currency_without_minor_unit(tmp_path):
    found = company(currency="jpy")
    found.rate("2024-01-15", "0.0067", currency="JPY")
    assert found.recount(tmp_path).mrr(D) == [13.4]


def test_an_amount_off_in_the_currency_of_the_price(tmp_path):
    """20 euro less 5 euro at 1.1."""
    found = company(currency="eur")
    found.rate("2024-01-15", "1.1")
    found.add("stripe.coupon", id="c", amount_off=500, currency="eur", duration="forever")
    found.discount("d", "c", "2024-01-20")
    assert found.recount(tmp_path).mrr("2024-01-19", "2024-01-20") == [22, 16.5]


def test_payments_are_converted_at_the_rate_of_their_day(tmp_path):
    """Nothing is quarantined for its currency; without a rate the amount is null."""
    found = company()
    found.rate("2024-02-01", "1.1")
    found.rate("2024-02-20", "1.3")
    charge = {"customer_id": "cus_h", "invoice_id": None, "status": "succeeded", "failure_code": None}
    charge |= {"amount": 1000, "created": "2024-02-03 10:00"}
    for name, currency in (("a", "eur"), ("b", "gbp"), ("c", "usd")):
        found.add("stripe.charge", id=name, currency=currency, **charge)
    refund = {"status": "succeeded", "amount": 500, "currency": "eur"}
    found.add("stripe.refund", id="r", charge_id="a", created="2024-02-21", **refund)
    recounts = found.recount(tmp_path)
    payments = recounts.tables["fct_payments"]
    columns = ["charge_id", "amount", "amount_refunded", "net_amount"]
    assert [*payments[columns].itertuples(index=False, name=None)] == [
        ("a", 11, Decimal("6.5"), Decimal("4.5")),
        ("b", None, 0, None),
        ("c", 10, 0, 10),
    ]
    assert set(recounts.verdicts("stripe.charge").values()) == {"kept"}


def test_a_rate_below_0_is_quarantined(tmp_path):
    found = company(currency="eur")
    found.rate("2024-01-15", "-1.1")
    found.rate("2024-01-14", "0")
    recounts = found.recount(tmp_path)
    assert recounts.mrr(D) == [None]
    assert recounts.verdicts("meta.fx_rates", ("date",)) == {
        date.fromisoformat("2024-01-15"): "negative_amount",
        date.fromisoformat("2024-01-14"): "kept",
    }
