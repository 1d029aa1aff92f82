"""The health tables must equal a plain recomputation from the raw data.

The session fixtures `warehouse_database` and `warehouse_raw` (paths) come from the conftest above.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from customer_success.recount.households import collecting, facts, scorecards, scoring, windows
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.values import day_number, stamp

from .health_compare import TABLES, compare, languages, some_dates, some_households
from .miniature import Miniature

HOUSEHOLDS = 80
SUNDAYS = 6
SHOWN = 12


@pytest.fixture(scope="module")
def world(warehouse_database, warehouse_raw):
    """Collect the raw data of a sample of households."""
    some, message = some_households(HOUSEHOLDS), languages(warehouse_database)
    return collecting.load_world(load_raw(warehouse_raw), None, some, message)


@pytest.fixture(scope="module")
def comparison(world, warehouse_database):
    """Recompute once for all tables."""
    return compare(world, warehouse_database, some_dates(world, SUNDAYS))


@pytest.mark.parametrize("table", TABLES)
def test_health_table_equals_recomputation(comparison, table):
    """Every row and every column, or the values that differ."""
    found = [str(difference) for difference in comparison.differences if difference.table == table]
    assert comparison.compared[table], f"{table}: nothing was compared"
    assert not found, "\n".join([f"{len(found)} differences", *found[:SHOWN]])


def test_sample_has_all_kinds_of_households(world):
    """A comparison tests only what the sample has."""
    homes, d = world.homes.values(), world.as_of
    assert len(homes) >= 50
    plans = {home.line.at(d).plan for home in homes if home.is_customer(d)}
    assert plans == {"Free", "Premium", "Enterprise"}
    assert any(home.is_customer(d) and d - home.signup < home.rules.young_days for home in homes)
    assert any(home.tickets for home in homes)
    assert any(status == "failed" for home in homes for _, status in home.charges)
    assert any(home.contacts for home in homes)
    assert any(home.spells for home in homes)


# ------------------------------------------------------- the recomputation itself, by hand


def world_of(mini: Miniature, as_of: str, home: str = "h1") -> tuple[facts.World, facts.Home, int]:
    """Recompute a small company as of a day."""
    world = collecting.load_world(mini.raw(), as_of)
    return world, world.homes[home], world.as_of


def test_worked_example_of_product_usage():
    """4 members, 3 of them active daily, 12 tasks, 2 pets, 20 opens: 83.2."""
    mini = Miniature()
    mini.household(members=("u1", "u2", "u3", "u4"))
    for pet in ("p1", "p2"):
        mini.add("app.pets", id=pet, household_id="h1", added_at="2024-01-01 10:00")
    for day in range(8, 15):
        for user in ("u1", "u2", "u3"):
            mini.event(f"2024-01-{day:02d} 08:00", user=user)  # 21 opens count like 20
    for number in range(12):
        mini.event(f"2024-01-{8 + number // 2:02d} 09:{number:02d}", name="task_completion", pet_id="p1")
    world, home, d = world_of(mini, "2024-01-14")
    assert round(scoring.points_of("product_usage", home, d, world), 1) == Fraction("83.2")


def test_ninety_days_of_a_failed_collection_go_before_the_plan():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-01 10:00", "active")
    mini.version("2024-02-01 10:00", "unpaid")
    world, home, first = world_of(mini, "2024-06-30")
    day = day_number(stamp(first).replace(month=2, day=1))
    assert scoring.points_of("payment", home, day - 1, world) == 100
    assert scoring.points_of("payment", home, day, world) == 30
    assert scoring.points_of("payment", home, day + 89, world) == 30
    assert scoring.points_of("payment", home, day + 90, world) == 70


def test_missing_payment_is_one_older_than_interval_and_ten_days():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-01 10:00", "active")
    mini.add(
        "stripe.charge",
        customer_id="cus_h1",
        amount=1000,
        currency="usd",
        status="succeeded",
        created="2024-01-01 10:00",
    )
    world, home, d = world_of(mini, "2024-02-29")
    paid = day_number(stamp(d).replace(month=1, day=1))
    assert scoring.points_of("payment", home, paid + 40, world) == 100
    assert scoring.points_of("payment", home, paid + 41, world) == 80


def test_outreach_without_message_ids_is_replied_to_by_the_contact():
    mini = Miniature()
    mini.household()
    mini.add("hubspot.company", id="c1", household_id="h1")
    for contact in ("k1", "k2"):
        mini.add("hubspot.contact", id=contact, company_id="c1", created_at="2024-01-01 10:00")
    for contact, event, at in (
        ("k1", "sent", "2024-01-10 10:00"),
        ("k2", "sent", "2024-01-10 10:00"),
        ("k1", "sent", "2024-01-20 10:00"),
        ("k1", "replied", "2024-01-21 10:00"),
    ):
        mini.add(
            "hubspot.engagement",
            company_id="c1",
            contact_id=contact,
            type="outreach",
            event=event,
            occurred_at=at,
        )
    _, home, d = world_of(mini, "2024-01-31")
    assert windows.answered_share(home, d, 90, "outreach", "replied") == Fraction(1, 3)
    assert windows.answered_share(home, d - 11, 90, "outreach", "replied") == 0
    assert windows.answered_share(home, d - 25, 90, "outreach", "replied") is None


def test_known_weight_of_one_half_is_enough():
    """Thirds that add up to exactly one half: usage, tickets, mails, downloads and NPS."""
    mini = Miniature(absent=("hubspot.engagement_company",))  # a CRM that records downloads
    for home, user in (("h1", "u1"), ("h2", "u2")):
        mini.household(home, members=(user,))
        mini.add("hubspot.company", id=f"c_{home}", household_id=home)
        mini.add(
            "hubspot.engagement",
            company_id=f"c_{home}",
            type="email",
            event="sent",
            message_id=f"m_{home}",
            occurred_at="2024-01-05 10:00",
        )
    mini.add("survey.response", household_id="h1", survey_type="NPS", score=9, responded_at="2024-01-05")
    world, home, d = world_of(mini, "2024-01-14")
    card = scorecards.scorecard("retention_b2b", home, d, world)
    assert card.known_weight == Fraction(1, 2)
    assert card.overall is not None
    card = scorecards.scorecard("retention_b2b", world.homes["h2"], d, world)
    assert card.known_weight == Fraction(1, 2) - Fraction(1, 15)
    assert card.overall is None


@pytest.mark.parametrize(
    ("value", "rounded"), [("79.5", 80), ("79.49", 79), ("0.5", 1), ("-0.5", -1), ("-2.4", -2)]
)
def test_rounding_is_half_away_from_zero(value, rounded):
    assert scorecards.half_away(Fraction(value)) == rounded
