"""Which days a subscription is in force, and who pays on them, in the connectors' shape."""

from __future__ import annotations

import pytest

from recount.billing_company import NOTHING, Company, On

PREMIUM = On("Premium", True, 20)
TRIAL = PAUSED = On("Premium", False, 0)


def company(created: str = "2024-01-01") -> Company:
    found = Company()
    found.household(created=created)
    found.price("m")
    return found


# By case: the versions (start, status, more), and what holds on some days.
CASES = {
    "first_version_later_than_its_start": (
        [("2024-03-10", "active", {"start_date": "2024-02-01 10:00"})],
        {"2024-01-31": NOTHING, "2024-02-01": PREMIUM},
    ),
    "last_version_not_active": (
        [("2024-01-15", "active", {"_fivetran_active": False, "_fivetran_end": "2024-06-01"})],
        {"2024-05-31": PREMIUM, "2024-06-01": NOTHING},
    ),
    "an_end_in_the_last_second_is_the_next_day": (
        [("2024-01-15", "active", {"_fivetran_active": False, "_fivetran_end": "2024-06-01 23:59:59.001"})],
        {"2024-06-01": PREMIUM, "2024-06-02": NOTHING},
    ),
    "an_end_a_second_earlier_is_not": (
        [("2024-01-15", "active", {"_fivetran_active": False, "_fivetran_end": "2024-06-01 23:59:58"})],
        {"2024-05-31": PREMIUM, "2024-06-01": NOTHING},
    ),
    "an_end_that_another_version_follows": (
        [
            ("2024-01-15", "active", {"_fivetran_active": False, "_fivetran_end": "2024-03-01"}),
            ("2024-03-05", "active", {"_fivetran_active": True, "_fivetran_end": "9999-12-31 23:59:59"}),
        ],
        {"2024-03-01": PREMIUM, "2024-03-04": PREMIUM, "2024-12-31": PREMIUM},
    ),
    "ended_earlier_than_the_version_that_says_so": (
        [("2024-01-15", "active", {}), ("2024-04-02", "canceled", {"ended_at": "2024-03-28 12:00"})],
        {"2024-03-27": PREMIUM, "2024-03-28": NOTHING},
    ),
    "ended_within_an_active_version": (
        [("2024-01-15", "active", {"ended_at": "2024-03-28 12:00"})],
        {"2024-03-27": PREMIUM, "2024-03-28": NOTHING},
    ),
    "ended_before_a_version_of_which_nothing_is_left": (
        [
            ("2024-01-15", "active", {}),
            ("2024-03-30", "past_due", {}),
            ("2024-04-02", "canceled", {"ended_at": "2024-03-28 12:00"}),
        ],
        {"2024-03-27": PREMIUM, "2024-03-28": NOTHING, "2024-03-31": NOTHING},
    ),
    "history_began_late": (
        [
            (
                "2024-04-02",
                "canceled",
                {"start_date": "2024-02-01", "trial_end": "2024-02-15", "ended_at": "2024-03-28"},
            )
        ],
        {"2024-01-31": NOTHING, "2024-02-01": TRIAL, "2024-02-14": TRIAL, "2024-02-15": PREMIUM}
        | {"2024-03-27": PREMIUM, "2024-03-28": NOTHING},
    ),
    "history_began_late_since_created": (
        [("2024-04-02", "canceled", {"created": "2024-02-01", "ended_at": "2024-03-28"})],
        {"2024-01-31": NOTHING, "2024-02-01": PREMIUM, "2024-03-28": NOTHING},
    ),
    "history_began_late_and_nobody_knows_the_end": (
        [("2024-04-02", "canceled", {"start_date": "2024-02-01"})],
        {"2024-03-01": NOTHING, "2024-04-02": NOTHING},
    ),
    "paused": (
        [
            ("2024-01-15", "active", {}),
            ("2024-03-01", "active", {"pause_collection_behavior": "void"}),
            ("2024-05-01", "active", {}),
        ],
        {"2024-02-29": PREMIUM, "2024-03-01": PAUSED, "2024-04-30": PAUSED, "2024-05-01": PREMIUM},
    ),
    "paused_until_a_day_without_a_new_version": (
        [
            (
                "2024-01-15",
                "active",
                {"pause_collection_behavior": "void", "pause_collection_resumes_at": "2024-04-01 08:00"},
            )
        ],
        {"2024-01-15": PAUSED, "2024-03-31": PAUSED, "2024-04-01": PREMIUM},
    ),
    "a_scheduled_cancellation": (
        [("2024-01-15", "active", {"cancel_at": "2024-06-01 10:00"})],
        {"2024-05-31": PREMIUM, "2024-06-01": NOTHING},
    ),
    "a_trial_that_is_extended": (
        [("2024-01-15", "trialing", {}), ("2024-02-15", "trialing", {}), ("2024-03-15", "active", {})],
        {"2024-01-15": TRIAL, "2024-02-20": TRIAL, "2024-03-15": PREMIUM},
    ),
    "a_free_period": (
        [("2024-01-15", "active", {}), ("2024-02-15", "trialing", {}), ("2024-03-15", "active", {})],
        {"2024-02-14": PREMIUM, "2024-02-15": On("Premium", True, 0), "2024-03-15": PREMIUM},
    ),
    "a_free_period_after_a_trial_and_a_payment": (
        [("2024-01-15", "trialing", {}), ("2024-02-15", "past_due", {}), ("2024-03-15", "trialing", {})],
        {"2024-01-15": TRIAL, "2024-03-15": On("Premium", True, 0)},
    ),
    "no_free_period_after_a_pause_alone": (
        [("2024-01-15", "active", {"pause_collection_behavior": "void"}), ("2024-02-15", "trialing", {})],
        {"2024-01-15": PAUSED, "2024-02-15": TRIAL},
    ),
    "two_versions_with_one_start_the_one_loaded_last": (
        [
            ("2024-01-15", "canceled", {"_fivetran_synced": "2024-01-16"}),
            ("2024-01-15", "active", {"_fivetran_synced": "2024-01-17", "_fivetran_active": False}),
        ],
        {"2024-12-31": PREMIUM},
    ),
    "two_versions_loaded_at_one_time_the_active_one": (
        [
            ("2024-01-15", "active", {"_fivetran_synced": "2024-01-16", "_fivetran_active": True}),
            ("2024-01-15", "canceled", {"_fivetran_synced": "2024-01-16", "_fivetran_active": False}),
        ],
        {"2024-12-31": PREMIUM},
    ),
    "incomplete_is_not_in_force": ([("2024-01-15", "incomplete", {})], {"2024-12-31": NOTHING}),
}


@pytest.fixture(scope="module")
def recounts(tmp_path_factory):
    """A household for each of them."""
    found = Company()
    found.price("m")
    for home, (versions, _) in CASES.items():
        found.household(home)
        for start, status, more in versions:
            found.version(f"{start} 07:00", status, home=home, **more)
    return found.recount(tmp_path_factory.mktemp("days"))


@pytest.mark.parametrize("home", CASES)
def test_days_in_force(recounts, home):
    for day, expected in CASES[home][1].items():
        assert recounts.on(day, home) == expected, day


def test_the_recounts_agree_on_all_other_days(recounts):
    assert recounts.differences() == []


def test_what_was_filled_in_is_said(recounts):
    rows = recounts.tables["dim_subscriptions"].set_index("household_id")
    assert rows.loc["first_version_later_than_its_start", "is_backfilled"]
    assert str(rows.loc["first_version_later_than_its_start", "started_at"]) == "2024-02-01 10:00:00"
    assert not rows.loc["paused", "is_backfilled"]


def test_payment_status(recounts):
    """A subscription whose end is scheduled or past is cancelled."""
    status = recounts.tables["dim_subscriptions"].set_index("household_id")["payment_status"]
    assert status["a_scheduled_cancellation"] == status["last_version_not_active"] == "cancelled"
    assert status["paused"] == "current"


def test_a_scheduled_cancellation_before_its_day(tmp_path):
    found = company()
    found.version("2024-01-15", cancel_at="2025-06-01", current_period_end="2025-01-15")
    row = found.recount(tmp_path).tables["dim_households"].iloc[0]
    assert (row["plan_type"], row["mrr"], row["payment_status"]) == ("Premium", 20, "cancelled")
    assert row["next_billing_date"] != row["next_billing_date"]  # no bill is expected


def test_the_present_period_of_items(tmp_path):
    """Where the subscription does not say; the first of the items to end."""
    found = company()
    found.version("2024-01-15", price=None, current_period_end=None)
    found.item("i1", "m", current_period_end="2025-01-20")
    found.item("i2", "m", current_period_end="2025-01-15")
    found.item("i3", "m", current_period_end=None)
    row = found.recount(tmp_path).row("dim_households")
    assert str(row["next_billing_date"].date()) == "2025-01-15"


def test_a_table_of_subscriptions_without_versions(tmp_path):
    """The older table has one row each, and no start of a version: it holds since it was created."""
    found = company()
    row = {"customer_id": "cus_h", "price_id": "m", "cancel_at_period_end": False, "quantity": 1}
    found.add("stripe.subscription", id="a", created="2024-02-01", status="active", **row)
    ended = {"created": "2024-03-01", "status": "canceled", "ended_at": "2024-05-01"}
    found.add("stripe.subscription", id="b", **row, **ended)
    del found.rows["stripe.subscription_history"]
    recounts = found.recount(tmp_path)
    assert recounts.mrr("2024-01-31", "2024-02-01", "2024-03-01", "2024-05-01") == [0, 20, 40, 20]
