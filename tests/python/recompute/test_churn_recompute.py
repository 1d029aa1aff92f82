"""The tables of churn and of sentiment must equal a plain recomputation from the raw data.

Fixtures as in test_health_recompute.py. Of the classifier only the input is recomputed here; the severity of
predictions is compared with hand-made cases, because so small a company has none.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from customer_success.recount.households import (
    billing,
    churn_reports,
    churn_risk,
    churn_snapshots,
    collecting,
    facts,
    messages,
    survival,
)
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.values import day_number, stamp

from .churn_compare import TABLES, Built, compare, compare_home, some_homes, some_snapshots
from .health_compare import Comparison, languages, some_dates
from .miniature import Miniature

SUNDAYS = 5
SNAPSHOT_HOMES = 45
SNAPSHOT_DATES = 5
SHOWN = 12


@pytest.fixture(scope="module")
def world(warehouse_database, warehouse_raw):
    """Collect the raw data of all households."""
    return collecting.load_world(load_raw(warehouse_raw), None, languages=languages(warehouse_database))


@pytest.fixture(scope="module")
def comparison(world, warehouse_database):
    """Recompute once for all tables."""
    dates = some_dates(world, SUNDAYS)
    some, days = some_homes(world, SNAPSHOT_HOMES), some_snapshots(world, SNAPSHOT_DATES)
    return compare(world, warehouse_database, dates, some, days)


@pytest.mark.parametrize("table", TABLES)
def test_churn_table_equals_recomputation(comparison, table):
    """Every row and every column, or the values that differ."""
    found = [str(difference) for difference in comparison.differences if difference.table == table]
    assert comparison.compared[table], f"{table}: nothing was compared"
    assert not found, "\n".join([f"{len(found)} differences", *found[:SHOWN]])


def test_most_kinds_of_signals_were_compared(world):
    """A comparison needs signals that occur in the data."""
    seen = set()
    for d in some_dates(world, SUNDAYS):
        for home in world.homes.values():
            seen |= churn_risk.signals(home, d, world).keys()
    assert len(seen) >= 15, sorted(seen)


def test_one_changed_value_is_found(world, warehouse_database):
    """The comparison can fail: a point more, a message less, another duration."""
    home = next(h for h in world.homes.values() if h.sentiments and survival.survival(h, world))
    built = Built(world, warehouse_database)
    built.survival[home.id,]["days_observed"] += 1
    built.messages[home.id,].popitem()
    built.decay[home.id,]["messages_30d"] += 1
    found = Comparison()
    compare_home(found, home, world, built)
    tables = {difference.table for difference in found.differences}
    assert tables == {"int_survival_households", "fct_message_sentiment", "fct_communication_decay"}


# ------------------------------------------------------- the recomputation itself, by hand


def world_of(mini: Miniature, as_of: str) -> tuple[facts.World, facts.Home, int]:
    """Recompute a small company as of a day."""
    world = collecting.load_world(mini.raw(), as_of)
    return world, world.homes["h1"], world.as_of


def test_risk_of_a_household_that_leaves():
    """Three weeks of silence, a failed charge, four tickets of which one critical, a cancellation."""
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-01 10:00", "active")
    mini.version("2024-02-01 10:00", "active", cancel_at_period_end=True)
    mini.event("2024-02-01 10:00")
    for hour in range(4):
        mini.ticket(f"2024-02-10 1{hour}:00", tags="urgency_high impact_high" if hour == 0 else "")
    mini.add(
        "stripe.charge",
        customer_id="cus_h1",
        amount=1000,
        currency="usd",
        status="failed",
        created="2024-02-02",
    )
    world, home, d = world_of(mini, "2024-02-22")
    points = churn_risk.contributions(home, d, world)
    del points["health"]
    expected = {"inactivity": 30, "tickets": 15, "critical_tickets": 10, "failed_charges": 10, "leaving": 50}
    assert points == expected
    assert churn_risk.risk_score(home, d, world) == 100
    assert churn_risk.contributions(home, d - 21 + 6, world)["inactivity"] == 0
    assert churn_risk.contributions(home, d - 21 + 7, world)["inactivity"] == 15


def test_end_of_a_trial_is_no_downgrade():
    """Of two households that go to Free only the one that had paid is downgraded."""
    mini = Miniature()
    mini.prices()
    for home, status in (("h1", "trialing"), ("h2", "active")):
        mini.household(home, members=(f"u_{home}",))
        mini.version("2024-01-01 10:00", status, home=home)
        mini.version("2024-01-15 10:00", "canceled", home=home)
    world, home, d = world_of(mini, "2024-02-01")
    assert churn_risk.downgrades(home, d, 60) == 0
    assert churn_risk.downgrades(world.homes["h2"], d, 60) == 1
    assert churn_reports.downgrade_days(home, world) == []
    assert churn_reports.downgrade_days(world.homes["h2"], world) == [d - 17]


def test_a_mild_word_and_a_strong_one():
    """compound −.6249 is 1 + 5.62, 7; a word of frustration adds 2; a theme needs a negative message."""
    angry = messages.sentiment_of("The calendar keeps crashing and I am angry about it.", "english")
    assert angry["sentiment"] == "Negative"
    expected = 1 + 9 * float(-angry["compound"])
    assert abs(angry["frustration"] - expected) <= Fraction(1, 2)
    assert angry["emotions"] == ("anger",)
    assert angry["complaint"] in ("ease of use", "reliability")
    worse = messages.sentiment_of(
        "Frustrating, useless, terrible, awful. The worst app, I hate it.", "english"
    )
    assert worse["frustration"] == 10
    assert worse["emotions"] == ("anger", "frustration")
    kind = messages.sentiment_of("Thanks, the calendar is great!", "english")
    assert (kind["sentiment"], kind["frustration"], kind["complaint"]) == ("Positive", 1, None)


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [("  ", "english", "no_text"), ("Ich ärgere mich", "german", "other_language")],
)
def test_what_cannot_be_scored_is_not_neutral(text, language, why):
    verdict = messages.sentiment_of(text, language)
    assert verdict["unscored"] == why
    assert verdict["sentiment"] is None


def test_the_last_five_of_a_day_are_those_at_its_end():
    """Three complaints, then three kind words on one day: of the last five two are negative."""
    mini = Miniature()
    mini.household()
    ticket = mini.ticket("2024-01-02 10:00")
    for at, body in (
        ("2024-01-02 10:00", "This is terrible."),
        ("2024-01-03 10:00", "This is awful."),
        ("2024-01-04 10:00", "I hate this."),
        ("2024-01-20 10:00", "Thanks, great."),
        ("2024-01-20 11:00", "Thanks, wonderful."),
        ("2024-01-20 12:00", "Thanks, perfect."),
    ):
        mini.comment(ticket, at, user="z_user")
        mini.rows["zendesk", "ticket_comment"][-1]["body"] = body
    _, home, _ = world_of(mini, "2024-01-31")
    days = [day.day for name, day in churn_snapshots.sentiment_alerts(home) if name == "persistent_negative"]
    assert days == [4]


@pytest.mark.parametrize(
    ("before", "after", "expansions"),
    [("10", "20", 1), ("10", "10", 0), ("20", "10", 0), ("0", "20", 0), (None, "20", 0), ("10", None, 0)],
)
def test_an_expansion_raises_an_mrr_above_0(monkeypatch, before, after, expansions):
    """A household in a free period pays by its status, at an MRR of 0: its end is no expansion."""
    one, other = (
        billing.State(in_force=True, paying=True, mrr=None if mrr is None else Decimal(mrr))
        for mrr in (before, after)
    )
    monkeypatch.setattr(churn_risk, "subscription_changes", lambda *_: [("price_changed", one, other)])
    assert churn_snapshots.expansions(None, 0) == expansions


def test_survival_begins_at_day_90_for_customers_of_that_day():
    """A household silent from day 1 has churned by then; one that stays is observed from day 90 on."""
    mini = Miniature()
    mini.household()
    mini.household("h2", members=("u2",))
    for week in range(20):
        day = stamp(day_number(stamp(0)) + 19723 + 7 * week)  # day 19723 was 2024-01-01
        mini.event(f"{day:%Y-%m-%d} 09:00")
    world, home, d = world_of(mini, "2024-04-30")
    assert survival.survival(world.homes["h2"], world) is None
    row = survival.survival(home, world)
    assert (row["days_observed"], row["has_churned"]) == (d - home.signup - 90, False)


@pytest.mark.parametrize(
    ("probability", "percentile", "severity"),
    [
        (0.4, None, "low"),
        (0.41, Fraction(1, 2), "medium"),
        (0.61, Fraction(89, 100), "high"),
        (0.61, Fraction(9, 10), "critical"),
        (0.81, Fraction(1), "critical"),
        (0.1, Fraction(1), "medium"),
    ],
)
def test_severity_goes_by_probability_and_one_up_for_the_largest(probability, percentile, severity):
    assert churn_risk.severity(probability, percentile) == severity


def test_intervals_of_a_textbook():
    """Newcombe (1998), table II, row a: 56 of 70 against 48 of 80; Wilson's of an empty group is unknown."""
    low, high = churn_reports.newcombe((56, 70), (48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert churn_reports.wilson(0, 0) == (None, None)
