"""Rewards of random referrals, by the SQL of the build and by the recount: none twice, none for oneself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest
from compiled import Compiled
from harness import REPOSITORY
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from customer_success.recount.households.rules import Rules
from customer_success.recount.households.values import day_number
from customer_success.recount.referrals import Company, Invoice, Referral, reward_id, rewards, row_of

START = date(2026, 1, 1)
DAYS = 120
SEEDS = REPOSITORY / "seeds" / "rules"
# A busy machine is no defect.
STEADY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
HOMES = "abcdef"  # the last one has not signed up
ADDRESSES = (
    None, "", "nobody", "ann@one.com", " Ann+pets@ONE.com", "bob@one.com", "+x@one.com", "+y@one.com",
    "eve@gmail.com", "a@b@two.com", "c@two.com", "@two.com",
)  # fmt: skip
days = st.integers(0, DAYS)
homes = st.sampled_from(HOMES)
COMPANIES = st.fixed_dictionaries(
    {
        "people": st.sets(st.tuples(homes, st.integers(0, 6)), max_size=10),
        "emails": st.lists(st.sampled_from(ADDRESSES), min_size=7, max_size=7),
        # Of each household the days on which paying begins and ends in turns.
        "paying": st.dictionaries(
            st.sampled_from(HOMES[:-1]), st.lists(days, unique=True, max_size=4).map(sorted)
        ),
        # (referrer, referred, day): a household is referred once, as staging has it.
        "referrals": st.lists(
            st.tuples(homes, st.none() | homes, days), max_size=6, unique_by=lambda one: one[1] or object()
        ),
        "invoices": st.lists(st.tuples(homes, days, st.integers(0, 3)), max_size=8),
        # (number of an invoice, days after it, amount)
        "refunds": st.lists(st.tuples(st.integers(0, 7), st.integers(0, 40), st.integers(1, 3)), max_size=6),
        "granted": st.sets(st.tuples(st.sampled_from(["referral", "referred"]), st.integers(0, 5))),
    }
)
NOTHING = {
    "people": set(), "emails": [None] * 7, "paying": {}, "referrals": [], "invoices": [], "refunds": [],
    "granted": set(),
}  # fmt: skip
WON = NOTHING | {"paying": {"b": [5]}, "referrals": [("a", "b", 3)], "invoices": [("b", 5, 2)]}


def on(day: int) -> date:
    return START + timedelta(days=day)


def noon(day: int) -> datetime:
    return datetime.combine(on(day), time(12))


@pytest.fixture(scope="module")
def models(warehouse) -> Compiled:
    found = Compiled(warehouse)
    found.seed(SEEDS / "growth" / "growth_rewards.csv")
    found.seed(SEEDS / "support" / "public_email_domains.csv")
    return found


def refunded(made: dict, last: int) -> list[tuple[int, int, int]]:
    """Refunds that were known by a day: number of the invoice, day, amount."""
    invoices = made["invoices"]
    rows = [(n, invoices[n][1] + after, amount) for n, after, amount in made["refunds"] if n < len(invoices)]
    return [row for row in rows if row[1] <= last]


def modelled(made: dict, last: int, models: Compiled) -> tuple[list[dict], list[dict]]:
    """The rows of fct_referrals and fct_rewards_due as of a day."""
    text, day = "varchar", "date"
    models.table(
        "staging.stg_app__household_members",
        [{"household_id": home, "user_id": f"u{user}"} for home, user in sorted(made["people"])],
        household_id=text, user_id=text,
    )  # fmt: skip
    users = [{"user_id": f"u{n}", "email": email} for n, email in enumerate(made["emails"])]
    models.table("staging.stg_app__users", users, user_id=text, email=text)
    signups = [{"household_id": home, "signup_date": START} for home in HOMES[:-1]]
    models.table("intermediate.int_household_signups", signups, household_id=text, signup_date=day)
    periods = [
        {"household_id": home, "valid_from": on(begin), "valid_until": until, "is_paying": not at % 2}
        for home, turns in made["paying"].items()
        for at, begin in enumerate(turns)
        if begin <= last
        for until in [on(turns[at + 1]) if at + 1 < len(turns) and turns[at + 1] <= last else None]
    ]
    models.table(
        "intermediate.int_household_plan_periods", periods,
        household_id=text, valid_from=day, valid_until=day, is_paying="boolean",
    )  # fmt: skip
    told = [
        {
            "referral_id": f"r{n}",
            "referrer_household_id": a,
            "referred_household_id": b,
            "created_at": noon(at),
        }
        for n, (a, b, at) in enumerate(made["referrals"])
        if at <= last
    ]
    names = {"referral_id": text, "referrer_household_id": text, "referred_household_id": text}
    models.table("staging.stg_cs__referrals", told, **names, created_at="timestamp")
    invoices = [
        {
            "invoice_id": f"i{n}",
            "household_id": a,
            "created_at": noon(at),
            "status": "paid",
            "amount_paid": paid,
        }
        for n, (a, at, paid) in enumerate(made["invoices"])
        if at <= last
    ]
    models.table(
        "staging.stg_stripe__invoice", invoices,
        invoice_id=text, household_id=text, created_at="timestamp", status=text, amount_paid="decimal(18, 2)",
    )  # fmt: skip
    charges = [{"charge_id": f"c{n}", "invoice_id": f"i{n}"} for n in range(len(made["invoices"]))]
    models.table("staging.stg_stripe__charge", charges, charge_id=text, invoice_id=text)
    refunds = [
        {"charge_id": f"c{n}", "created_at": noon(at), "status": "succeeded", "amount": amount}
        for n, at, amount in refunded(made, last)
    ]
    models.table(
        "staging.stg_stripe__refund", refunds,
        charge_id=text, created_at="timestamp", status=text, amount="decimal(18, 2)",
    )  # fmt: skip
    credits = [{"reference_id": name} for name in granted(made)] * 2  # a credit may be booked in two rows
    models.table("staging.stg_cs__credits", credits, reference_id=text)
    for model in ("int_referral_addresses", "int_referral_links", "int_referral_conversions"):
        models.run(model, on(last))
    models.run("int_referral_rewards", on(last))
    found = models.rows(models.run("fct_referrals", on(last)), "referral_id")
    return found, models.rows(models.run("fct_rewards_due", on(last)), "reward_id")


def granted(made: dict) -> list[str]:
    return sorted(reward_id(kind, f"r{n}") for kind, n in made["granted"])


def recounted(made: dict, last: int) -> tuple[list[dict], list[dict]]:
    """The same rows by the recount."""
    first = day_number(pd.Timestamp(START))
    turns = {home: [day for day in days if day <= last] for home, days in made["paying"].items()}

    def pays(home: str, day: int) -> bool:
        return sum(turn + first <= day for turn in turns.get(home, ())) % 2 == 1

    def first_paying(home: str, day: int) -> int | None:
        return next((one for one in range(day, first + last + 1) if pays(home, one)), None)

    invoices: dict[str, list[Invoice]] = defaultdict(list)
    known = refunded(made, last)
    for n, (home, day, paid) in enumerate(made["invoices"]):
        if day <= last:
            back = tuple((first + at, float(amount)) for one, at, amount in known if one == n)
            invoices[home].append(Invoice(first + day, float(paid), back))
    addresses: dict[str, dict] = defaultdict(dict)
    for home, user in made["people"]:
        addresses[home][f"u{user}"] = made["emails"][user]
    company = Company(
        last=first + last,
        signup=dict.fromkeys(HOMES[:-1], first),
        addresses=addresses,
        pays=pays,
        first_paying=first_paying,
        invoices=invoices,
        credited=frozenset(granted(made)),
        rules=Rules.read(),
    )
    told = [
        Referral(f"r{n}", a, b, pd.Timestamp(noon(at)))
        for n, (a, b, at) in enumerate(made["referrals"])
        if at <= last
    ]

    def dated(row: dict) -> dict:
        numbered = ("signed_up_at", "converted_at", "reward_due_at", "due_at")
        return row | {c: on(row[c] - first) for c in numbered if row.get(c) is not None}

    rows = [dated(row_of(one, company)) for one in told]
    return rows, sorted(map(dated, rewards(told, company)), key=lambda row: row["reward_id"])


@given(COMPANIES, days)
@settings(STEADY, max_examples=30)
@example(WON, DAYS)
@example(WON | {"people": {("a", 0), ("b", 1)}, "emails": ["+x@one.com", "+y@one.com", *[None] * 5]}, DAYS)
@example(WON | {"people": {("a", 0), ("b", 1)}, "emails": ["nobody", "nobody", *[None] * 5]}, DAYS)
def test_the_model_equals_the_recount(models, made, last):
    referrals, due = modelled(made, last, models)
    expected, expected_due = recounted(made, last)
    assert referrals == expected
    assert due == expected_due


def not_fair(made: dict, referrals: list[dict], due: list[dict]) -> list[str]:
    """What is wrong with rewards: two of a kind for one household that was won, or one for oneself."""
    by_name = {
        reward_id(kind, row["referral_id"]): row for row in referrals for kind in ("referral", "referred")
    }
    members: dict[str, set] = defaultdict(set)
    for home, user in made["people"]:
        members[home].add(user)
    found, seen = [], set()
    for reward in due:
        referral = by_name[reward["reward_id"]]
        sides = referral["referrer_household_id"], referral["referred_household_id"]
        if reward["household_id"] != sides[reward["kind"] == "referred"]:
            found.append(f"{reward} goes to somebody else")
        if sides[0] == sides[1] or members[sides[0]] & members[sides[1]]:
            found.append(f"{reward} is for oneself")
        if (reward["kind"], sides[1]) in seen:
            found.append(f"{reward} is given twice")
        seen.add((reward["kind"], sides[1]))
    return found


@given(COMPANIES, days, days)
@settings(STEADY, max_examples=15)
@example(WON, 40, DAYS)
def test_no_reward_is_due_twice_or_for_oneself(models, made, one, other):
    """Nor on a later day: what was due is due still, of the same day and amount."""
    (_, earlier), (referrals, later) = (modelled(made, last, models) for last in sorted((one, other)))
    assert not_fair(made, referrals, later) == []
    kept = {
        row["reward_id"]: (row["household_id"], row["due_at"], row["amount"], row["months"]) for row in later
    }
    for row in earlier:
        assert kept[row["reward_id"]] == (row["household_id"], row["due_at"], row["amount"], row["months"])


def test_rewards_occur_and_unfair_ones_are_noticed(models):
    """The examples above do have rewards, and the check rejects one that comes twice or goes to oneself."""
    referrals, due = modelled(WON, DAYS, models)
    assert [(row["kind"], row["household_id"]) for row in sorted(due, key=lambda row: row["kind"])] == [
        ("referral", "a"),
        ("referred", "b"),
    ]
    assert not_fair(WON, referrals, due) == []
    assert len(not_fair(WON, referrals, due * 2)) == 2
    assert len(not_fair(WON | {"people": {("a", 0), ("b", 0)}}, referrals, due)) == 2
    assert modelled(WON | {"people": {("a", 0), ("b", 0)}}, DAYS, models)[1] == []
