"""What a subscription is worth: prices, items, coupons and currencies, by amounts worked out by hand."""

from __future__ import annotations

import pytest

from recount.billing_company import Company, On

D = "2024-06-30"


def company(*, price: bool = True) -> Company:
    """Return a household with a price m of 20 a month for Premium."""
    found = Company()
    found.household()
    if price:
        found.price("m")
    return found


DECIMAL = {"amount": None, "unit_amount_decimal": "0.5"}
YEARS_2 = {"amount": 48000, "recurring_interval": "year", "recurring_interval_count": 2}
DAYS_366 = {"amount": 36600, "recurring_interval": "day", "recurring_interval_count": 366}
PACKS = {"amount": 5000, "transform_quantity_divide_by": 10}
# Price, quantity, MRR; without one, why it is unknown.
WORTH = {
    "half_a_cent": (DECIMAL, 10000, 50),
    "unit_amount_counts_first": ({"unit_amount_decimal": "1"}, 1, 20),
    "no_quantity_is_one": ({}, "", 20),
    "quantity_0": ({}, 0, 0),
    "a_year": ({"amount": 24000, "recurring_interval": "year"}, 8, 160),
    "two_years": (YEARS_2, 1, 20),
    "days": (DAYS_366, 1, 30.42),
    "weeks": ({"amount": 500, "recurring_interval": "week"}, 1, 21.67),
    "currency_in_upper_case": ({"currency": " USD "}, 1, 20),
    "packs_rounded_up": (PACKS | {"transform_quantity_round": "up"}, 25, 150),
    "packs_rounded_down": (PACKS | {"transform_quantity_round": "down"}, 25, 100),
    "tiered": ({"billing_scheme": "tiered"}, 1, "tiered_price"),
    "metered": ({"recurring_usage_type": "metered", "amount": 0}, 1, "metered_price"),
    "no_amount": ({"amount": None}, 1, "no_amount"),
    "interval": ({"recurring_interval": "moon"}, 1, "unknown_interval"),
    "euro": ({"currency": "eur"}, 1, "no_exchange_rate"),
}


@pytest.fixture(scope="module")
def worth(tmp_path_factory):
    """A household for each of them."""
    found = Company()
    for home, (price, quantity, _) in WORTH.items():
        found.household(home)
        found.price(home, **price)
        found.version("2024-01-15 10:00", price=home, home=home, quantity=quantity)
    return found.recount(tmp_path_factory.mktemp("worth"))


@pytest.mark.parametrize("home", WORTH)
def test_the_monthly_value_of_a_price(worth, home):
    """The plan is known and paid for in any case."""
    expected = WORTH[home][2]
    mrr, reason = (None, expected) if isinstance(expected, str) else (expected, None)
    on, row = worth.on(D, home), worth.row("dim_subscriptions", household_id=home)
    assert (on.plan, on.paying) == ("Premium", True)
    assert (None if on.mrr is None else float(on.mrr)) == mrr
    assert row["mrr_unknown_reason"] == reason
    assert row["mrr_list"] == row["mrr"] == on.mrr


def test_an_older_plan_is_read_by_its_own_names(tmp_path):
    found = company(price=False)
    plan = {"product_id": "prod_Enterprise", "currency": "usd", "usage_type": "licensed"}
    found.add("stripe.plan", id="old", amount=5000, interval="month", interval_count=1, **plan)
    found.version("2024-01-15", price="old")
    assert found.recount(tmp_path).on(D) == On("Enterprise", True, 50)


def test_of_a_price_and_a_plan_with_one_id_the_price_counts(tmp_path):
    found = company()
    found.price("m", 9900, "Enterprise", table="plan")
    found.version("2024-01-15")
    assert found.recount(tmp_path).on(D) == On("Premium", True, 20)


def test_items(tmp_path):
    """20 and 3 x 5; from August on also 2 x 100 for Enterprise; seats of plan products only."""
    found = company()
    found.price("seat", 500)
    found.price("ent", 10000, "Enterprise")
    found.add("stripe.product", id="prod_Setup", name="Onboarding")
    found.price("help", 700, "Setup")
    found.version("2024-01-10", price=None, quantity=9)
    found.item("i1", "m", created="2024-01-15")
    found.item("i2", "seat", 3, created="2024-02-15")
    found.item("i3", "ent", 2, created="2024-08-01 10:00")
    found.item("i4", "help", 5, created="2024-08-01 10:00")
    recounts = found.recount(tmp_path)
    # The earliest item counts from the start of the subscription on.
    assert recounts.mrr("2024-01-09", "2024-01-10", "2024-02-15", "2024-07-31") == [0, 20, 35, 35]
    assert recounts.on("2024-08-01") == On("Enterprise", True, 270)
    row = recounts.row("dim_subscriptions")
    assert row["quantity"] == 1 + 3 + 2
    assert row["items_are_present_state"] is True
    # Seats change on 15 February, the plan in August.
    assert recounts.changes() == [
        ("01-10", "Free_to_Premium"),
        ("02-15", "seats_added"),
        ("08-01", "Premium_to_Enterprise"),
    ]


def test_a_version_with_a_price_of_its_own_counts_that_alone(tmp_path):
    found = company()
    found.price("ent", 10000, "Enterprise")
    found.version("2024-01-10", price=None)
    found.version("2024-03-10", price="m", quantity=2)
    found.item("i1", "ent", created="2024-01-10")
    recounts = found.recount(tmp_path)
    assert recounts.mrr("2024-03-09", "2024-03-10") == [100, 40]
    assert recounts.row("dim_subscriptions")["items_are_present_state"] is False


def test_deleted_and_repeated_items(tmp_path):
    found = company()
    found.version("2024-01-10", price=None)
    found.item("i1", "m", 1, _fivetran_synced="2024-01-11")
    found.item("i1", "m", 4, _fivetran_synced="2024-03-11")
    found.item("i2", "m", 7, _fivetran_deleted=True)
    recounts = found.recount(tmp_path)
    assert recounts.mrr(D) == [80]
    assert [*recounts.verdicts("stripe.subscription_item").values()].count("deleted") == 1


def test_one_time_prices_and_prices_of_0(tmp_path):
    """Alone they are Free and not paying, whatever their product; beside others they add nothing."""
    found = Company()
    once = {"type": "one_time", "recurring_interval": None, "recurring_interval_count": None}
    found.price("once", 100000, "Enterprise", **once)
    found.price("zero", 0)
    found.price("m")
    for home, prices in {
        "a": ["zero"],
        "b": ["once"],
        "c": ["zero", "once"],
        "d": ["m", "once", "zero"],
    }.items():
        found.household(home)
        found.version("2024-01-10", price=None, home=home)
        for price in prices:
            found.item(f"{home}_{price}", price, home=home)
    recounts = found.recount(tmp_path)
    for home in "abc":
        assert recounts.on(D, home) == On("Free", False, 0)
        assert not recounts.line_is_in_force(D, home)
    assert recounts.on(D, "d") == On("Premium", True, 20)
    assert recounts.row("dim_subscriptions", household_id="d")["quantity"] == 2
    assert recounts.row("dim_subscriptions", household_id="a")["plan_type"] == "Free"
    assert recounts.changes("a") == []


def test_a_price_that_is_not_there_and_no_price_at_all(tmp_path):
    """Paying is known; the plan is not, and it is never Free."""
    found = company()
    found.version("2024-01-10", price="gone")
    found.household("other")
    found.version("2024-01-10", price=None, home="other")
    recounts = found.recount(tmp_path)
    assert recounts.on(D) == recounts.on(D, "other") == On(None, True, None)
    rows = recounts.tables["dim_subscriptions"]
    assert [*rows["mrr_unknown_reason"]] == ["no_price", "no_price"]
    assert recounts.changes() == []  # no row to or from an unknown plan


def test_products_that_the_seed_maps(tmp_path):
    """By id or by name; without a plan they are ignored; unknown ones have an MRR and no plan."""
    found = Company()
    names = {"team": "Team", "addon": "Add-on", "gift": "Gift card", "new": "Brand new"}
    for product, name in names.items():
        found.add("stripe.product", id=f"prod_{product}", name=name)
        found.price(product, 3000, product)
    found.price("m")
    homes = {
        "a": ["team"],
        "b": ["addon"],
        "c": ["gift"],
        "d": ["new"],
        "e": ["m", "new"],
        "f": ["m", "gift"],
    }
    for home, prices in homes.items():
        found.household(home)
        found.version("2024-01-10", price=None, home=home)
        for price in prices:
            found.item(f"{home}_{price}", price, 2, home)
    products = {"prod_team": "Enterprise", "Add-on": "Premium", "Gift card": None}
    recounts = found.recount(tmp_path, products=products)
    assert recounts.on(D, "a") == On("Enterprise", True, 60)
    assert recounts.on(D, "b") == On("Premium", True, 60)
    assert recounts.on(D, "c") == On("Free", False, 0)
    assert recounts.on(D, "d") == On(None, True, 60)
    assert recounts.on(D, "e") == On("Premium", True, 100)
    assert recounts.on(D, "f") == On("Premium", True, 40)
    seats = {home: recounts.row("dim_subscriptions", household_id=home)["quantity"] for home in "def"}
    assert seats == {"d": None, "e": 2, "f": 2}


def test_deleted_products_and_prices_stay_readable(tmp_path):
    found = company()
    found.rows["stripe.product"][0]["_fivetran_deleted"] = True
    found.rows["stripe.price"][0]["is_deleted"] = True
    found.version("2024-01-10")
    assert found.recount(tmp_path).on(D) == On("Premium", True, 20)
