"""Random billing rows: the recount in SQL and the recount in Python come to the same plans and amounts."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from recount.billing_company import Company

START = datetime(2023, 6, 1)
STATUSES = ("trialing", "active", "active", "active", "past_due", "canceled", "unpaid", "paused")
PRODUCTS = ("Premium", "Premium", "Enterprise", "Unmapped", "Ignored", "Mapped")


def moment(rng: random.Random, after: datetime = START, days: int = 500) -> str:
    at = after + timedelta(seconds=rng.randrange(days * 86_400))
    return str(at.replace(hour=23, minute=59, second=59) if rng.random() < 0.1 else at)


def maybe(rng: random.Random, share: float, value: object) -> object:
    return value if rng.random() < share else None


def add_prices(company: Company, rng: random.Random) -> list[str]:
    names = ["gone"]
    for product in PRODUCTS[3:]:
        company.add("stripe.product", id=f"prod_{product}", name=product)
    for number in range(14):
        table = "plan" if number % 5 == 4 else "price"
        interval = rng.choice(["month", "month", "year", "week", "day"])
        count = rng.choice([1, 1, 2, 3, 90])
        kind = rng.choice(["recurring"] * 5 + ["one_time"])
        name = company.price(
            f"p{number}",
            rng.choice([0, 999, 2000, 1250, None, 33]),
            rng.choice(PRODUCTS),
            table=table,
            currency=rng.choice(["usd", "usd", "USD", "eur", "jpy"]),
            recurring_interval=interval,
            recurring_interval_count=count,
            type=kind,
            unit_amount_decimal=rng.choice(["0.5", "1234.25", None, "0"]),
            billing_scheme=rng.choice(["per_unit"] * 6 + ["tiered"]),
            recurring_usage_type=rng.choice(["licensed"] * 6 + ["metered"]),
            transform_quantity_divide_by=rng.choice([None] * 5 + [10]),
            transform_quantity_round=rng.choice(["up", "down"]),
        )
        names.append(name)
    return names


def add_subscription(company: Company, rng: random.Random, home: str, name: str, prices: list[str]) -> None:
    start, own = START + timedelta(days=rng.randrange(300)), rng.random() < 0.5
    for number in range(rng.randrange(1, 6)):
        start += timedelta(seconds=rng.randrange(60 * 86_400))
        status = rng.choice(STATUSES)
        over = status == "canceled" or rng.random() < 0.03
        company.version(
            str(start),
            status,
            rng.choice(prices) if own or rng.random() < 0.2 else None,
            home,
            id=name,
            quantity=rng.choice([None, 1, 2, 25]),
            start_date=maybe(rng, 0.3, moment(rng, start - timedelta(days=60), 50)),
            created=maybe(rng, 0.5, moment(rng, start - timedelta(days=40), 30)),
            ended_at=maybe(rng, 0.7, moment(rng, start - timedelta(days=20), 20)) if over else None,
            trial_end=maybe(rng, 0.2, moment(rng, start - timedelta(days=40), 40)),
            cancel_at=maybe(rng, 0.08, moment(rng, start, 60)),
            pause_collection_behavior=maybe(rng, 0.15, "void") if number else None,
            pause_collection_resumes_at=maybe(rng, 0.5, moment(rng, start, 60)),
            _fivetran_end=maybe(rng, 0.5, moment(rng, start, 60)),
            _fivetran_active=rng.choice([True, False]),
        )
    for number in range(rng.randrange(4)):
        company.item(
            f"{name}_i{number}",
            rng.choice(prices),
            rng.choice([None, 1, 3, 10]),
            moment(rng),
            subscription_id=name,
        )


def add_coupons(company: Company, rng: random.Random, homes: list[str], names: list[str]) -> None:
    for number in range(6):
        company.coupon(
            f"c{number}",
            rng.choice(["forever", "repeating", "once"]),
            percent_off=rng.choice([None, "10", "33.3", "100"]),
            amount_off=rng.choice([None, 500, 1]),
            duration_in_months=rng.choice([None, 1, 3]),
        )
    for number in range(12):
        start = START + timedelta(days=rng.randrange(500))
        to_subscription = rng.random() < 0.5
        company.discount(
            f"d{number}",
            rng.choice(["c0", "c1", "c2", "c3", "c4", "c5", "gone"]),
            str(start),
            table=rng.choice(["discount", "subscription_discount"]),
            customer_id=f"cus_{rng.choice(homes)}",
            subscription_id=rng.choice(names) if to_subscription else None,
            invoice_id=maybe(rng, 0.1, "in_1"),
            end=maybe(rng, 0.3, moment(rng, start, 90)),
        )


@pytest.mark.parametrize("seed", range(4))
def test_both_recounts_say_the_same(seed, tmp_path):
    rng = random.Random(seed)
    company, homes, names = Company(), [], []
    prices = add_prices(company, rng)
    for number in range(30):
        home = f"h{number:02d}"
        homes.append(home)
        closed = maybe(rng, 0.2, moment(rng, START + timedelta(days=200), 300))
        company.household(home, moment(rng, START, 100), closed_at=closed)
        for other in range(rng.randrange(1, 4)):
            names.append(f"sub_{home}_{other}")
            add_subscription(company, rng, home, names[-1], prices)
    add_coupons(company, rng, homes, names)
    for day in range(0, 500, 3):
        if rng.random() < 0.7:
            company.rate(str((START + timedelta(days=day)).date()), f"1.{rng.randrange(100):02d}")
    recounts = company.recount(tmp_path, products={"Ignored": None, "prod_Mapped": "Enterprise"})
    assert recounts.differences() == []
    states = [state for line in recounts.lines.values() for state in line.states]
    assert any(state.paying and state.mrr is None for state in states)
    assert any(state.in_force and state.plan is None for state in states)
    assert any(state.mrr for state in states)
