"""What a model could get wrong in the connectors' shape: each lie changes a number that the recount counts.

A lie is told by the raw rows as a model would see them that does not read a column, or reads another one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recount.billing_company import Company, Recounts

Rows = dict[str, list[dict]]


def company() -> Company:
    """Return households of which each needs a rule of its own."""
    found = Company()
    found.add("stripe.product", id="prod_Team", name="Team")
    found.price("m")
    found.price("y", 24000, recurring_interval="year")
    found.price("team", 5000, "Team")
    found.price("euro", currency="eur")
    found.rate("2024-01-14", "1.5")
    found.rate("2024-01-15", "1.1")
    found.coupon("half", percent_off="50")
    found.coupon("five", amount_off=500)
    for home in ("items", "coupon", "euro", "team", "pause", "ended", "stale", "late", "trial", "soon"):
        found.household(home, "2024-02-10" if home == "late" else "2024-01-01")
    found.version("2024-01-15", price=None, home="items")
    found.item("i1", "m", 3, "items")
    found.version("2024-01-15", home="coupon")
    found.discount("d1", "half", "2024-01-20", "coupon")
    found.discount("d2", "five", "2024-01-20", "coupon")
    found.version("2024-01-15", price="euro", home="euro")
    found.version("2024-01-15", price="team", home="team")
    found.version("2024-01-15", home="pause", pause_collection_behavior="void")
    found.version("2024-01-15", home="ended")
    found.version("2024-12-15", "canceled", home="ended", ended_at="2024-11-20")
    found.version("2024-01-15", home="stale", _fivetran_active=False, _fivetran_end="2024-11-20")
    found.version("2024-01-20", home="late")
    found.version("2024-01-15", home="trial")
    found.version("2024-11-15", "trialing", home="trial")
    found.version("2024-01-15", home="soon", cancel_at="2024-11-20")
    return found


def drop(table: str, *columns: str) -> Callable[[Rows], None]:
    def lie(rows: Rows) -> None:
        for row in rows[table]:
            for column in columns:
                row.pop(column, None)

    return lie


def without(table: str) -> Callable[[Rows], None]:
    return lambda rows: rows.pop(table)


def rate_of_another_day(rows: Rows) -> None:
    rows["meta.fx_rates"] = rows["meta.fx_rates"][:1]


def free_period_is_a_trial(rows: Rows) -> None:
    versions = rows["stripe.subscription_history"]
    rows["stripe.subscription_history"] = [
        row for row in versions if row["customer_id"] != "cus_trial" or row["status"] == "trialing"
    ]


LIES: dict[str, tuple[str, Callable[[Rows], None]]] = {
    "quantity of items": ("items", drop("stripe.subscription_item", "quantity")),
    "items": ("items", without("stripe.subscription_item")),
    "percents of coupons": ("coupon", drop("stripe.coupon", "percent_off")),
    "amounts of coupons": ("coupon", drop("stripe.coupon", "amount_off")),
    "discounts": ("coupon", without("stripe.subscription_discount")),
    "rate of another day": ("euro", rate_of_another_day),
    "pauses": ("pause", drop("stripe.subscription_history", "pause_collection_behavior")),
    "end of a subscription": ("ended", drop("stripe.subscription_history", "ended_at")),
    "last version not active": ("stale", drop("stripe.subscription_history", "_fivetran_active")),
    "scheduled cancellation": ("soon", drop("stripe.subscription_history", "cancel_at")),
    "free period": ("trial", free_period_is_a_trial),
}
DAY = "2024-11-30"


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Recounts:
    return company().recount(tmp_path_factory.mktemp("honest"), products={"Team": "Enterprise"})


@pytest.mark.parametrize("name", LIES)
def test_a_lie_changes_what_is_counted(honest, tmp_path, name):
    home, lie = LIES[name]
    found = company()
    lie(found.rows)
    told = found.recount(tmp_path, products={"Team": "Enterprise"})
    assert told.on(DAY, home) != honest.on(DAY, home)


def test_a_product_that_is_mapped_away_or_not_mapped(honest, tmp_path):
    assert (honest.on(DAY, "team").plan, honest.mrr(DAY, home="team")) == ("Enterprise", [50])
    away = company().recount(tmp_path / "away", products={"Team": None})
    assert (away.on(DAY, "team").plan, away.mrr(DAY, home="team")) == ("Free", [0])
    unmapped = company().recount(tmp_path / "unmapped")
    assert (unmapped.on(DAY, "team").plan, unmapped.mrr(DAY, home="team")) == (None, [50])


def test_a_signup_that_is_the_creation_of_the_account(honest):
    row = honest.row("dim_households", household_id="late")
    assert str(row["signup_date"].date()) == "2024-01-20"
    assert str(row["created_at"].date()) == "2024-02-10"
