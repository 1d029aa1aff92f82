"""Signup of those who buy before their account is made, and how a customer leads to its household."""

from __future__ import annotations

from datetime import date

import pytest

from recount.billing_company import Company


def company(created: str = "2024-01-01") -> Company:
    found = Company()
    found.household(created=created)
    found.price("m")
    return found


def test_a_household_that_bought_before_its_account_was_made(tmp_path):
    found = company("2024-02-10 08:00")
    found.version("2024-01-20 10:00")
    recounts = found.recount(tmp_path)
    row = recounts.row("dim_households")
    assert str(row["signup_date"].date()) == "2024-01-20"
    assert str(row["created_at"]) == "2024-02-10 08:00:00"
    assert recounts.movements() == {"01": {"new": 20}}
    days = recounts.count().execute("select signup_day from recount.households").fetchone()
    assert days == (date(2024, 1, 20),)


@pytest.mark.parametrize(("as_of", "homes"), [("2024-01-20", 0), ("2024-02-09", 0), ("2024-02-10", 1)])
def test_it_is_known_from_the_day_its_account_is_made(tmp_path, as_of, homes):
    """From then on it is seen from its signup_date; before, nobody knew it (D122)."""
    found = company("2024-02-10 08:00")
    found.version("2024-01-20 10:00")
    recounts = found.recount(tmp_path, date.fromisoformat(as_of))
    kept = recounts.connection.execute("select count(*) from raw_kept.app__households").fetchone()
    assert len(recounts.tables["dim_households"]) == kept[0] == homes


def test_a_subscription_in_a_trial_is_a_signup_too(tmp_path):
    found = company("2024-02-10")
    found.version("2024-01-20", "trialing")
    assert str(found.recount(tmp_path).row("dim_households")["signup_date"].date()) == "2024-01-20"


# --------------------------------------------------------------------------------- the household


@pytest.mark.parametrize(
    ("metadata", "mrr"),
    [
        ('{"household_id": "h"}', 20),
        ('{"householdId": "h"}', 20),
        ('{"external_id": "h"}', 20),
        ('{"external_id": "other", "household_id": "h"}', 20),
        ('{"household_id": " ", "external_id": "h"}', 20),
        ('{"home": "h"}', 0),
    ],
)
def test_keys_of_metadata_in_their_order(tmp_path, metadata, mrr):
    found = Company()
    found.household(metadata=metadata)
    found.price("m")
    found.version("2024-01-15")
    assert found.recount(tmp_path).mrr("2024-12-31") == [mrr]


def test_a_key_of_ones_own(tmp_path):
    found = Company()
    found.household(metadata='{"home.id": "h"}')
    found.price("m")
    found.version("2024-01-15")
    assert found.recount(tmp_path, stripe_household_keys=["home.id"]).mrr("2024-12-31") == [20]


def test_paying_customers_without_household_are_counted(tmp_path):
    """Nameless, of an unknown household, and one of unknown MRR (so is the sum); not of an erased one."""
    found = company()
    found.price("tiers", None, billing_scheme="tiered")
    found.version("2024-01-15")
    strangers = {
        "a": None,
        "b": '{"household_id": "nobody"}',
        "c": "{}",
        "erased": '{"household_id": "gone"}',
    }
    found.add("app.households", id="gone", created_at="2024-01-01", _fivetran_deleted=True)
    for name, metadata in strangers.items():
        found.add("stripe.customer", id=f"cus_{name}", created="2024-01-01", metadata=metadata)
        found.version("2024-01-15", "active", "tiers" if name == "c" else "m", name, quantity=2)
    found.version("2024-01-15", "trialing", home="a", id="trial")
    recounts = found.recount(tmp_path)
    row = recounts.tables["unlinked"].iloc[0]
    assert (row["unlinked_customers"], row["unlinked_mrr"]) == (3, None)
    assert len(recounts.tables["dim_subscriptions"]) == 1
