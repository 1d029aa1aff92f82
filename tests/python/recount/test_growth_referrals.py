"""Referrals by hand: oneself, conversion, rewards, places, points."""

from __future__ import annotations

import pytest

from customer_success.recount.households.growth import address_of
from customer_success.recount.referrals import (
    Company,
    Invoice,
    Referral,
    advocates,
    converted_on,
    is_self,
    leaderboard,
    needs_review,
    reward_id,
    rewards,
    row_of,
)
from recount.voice_company import DAY, RULES, at

ONE = Referral("r", "a", "b", at(DAY + 0.5))


def company(paid_from: int | None = DAY + 10, *, until=DAY + 10_000, last=DAY + 60, **more) -> Company:
    def pays(home: str, day: int) -> bool:
        return paid_from is not None and paid_from <= day < until

    def first_paying(home: str, day: int) -> int | None:
        return next((one for one in range(day, DAY + 1_000) if pays(home, one)), None)

    known = {
        "last": last,
        "signup": {"b": DAY + 3},
        "addresses": {"a": {"u1": "ann@one.com"}, "b": {"u2": "bob@two.com"}},
        "pays": pays,
        "first_paying": first_paying,
        "invoices": {"b": [Invoice(DAY + 10, 9.99)]},
        "credited": frozenset(),
        "rules": RULES,
    }
    return Company(**(known | more))


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("Ann+pets@One.COM ", "ann@one.com"),
        ("a+b+c@x.y", "a@x.y"),
        ("ann@one.com", "ann@one.com"),
        ("nobody", None),
        (None, None),
        ("+x@y.z", None),
    ],
)
def test_addresses_without_case_and_tag(address, plain):
    assert address_of(address) == plain


def test_oneself_by_person_and_by_address():
    assert not is_self(ONE, company())
    assert is_self(ONE, company(addresses={"a": {"u1": None}, "b": {"u1": None}}))
    assert is_self(ONE, company(addresses={"a": {"u1": "ann@one.com"}, "b": {"u2": "ANN+x@one.com"}}))
    assert not is_self(ONE, company(addresses={"a": {"u1": None}, "b": {"u2": None}}))


def test_one_company_domain_wants_a_look_and_a_public_one_does_not():
    same = {"a": {"u1": "ann@one.com"}, "b": {"u2": "bob@one.com"}}
    public = {"a": {"u1": "ann@gmail.com"}, "b": {"u2": "bob@gmail.com"}}
    assert needs_review(ONE, company(addresses=same)) and not needs_review(ONE, company(addresses=public))
    assert not needs_review(ONE, company())


@pytest.mark.parametrize(
    ("paid_from", "day"),
    [(DAY + 10, DAY + 10), (DAY, DAY), (DAY - 1, None), (None, None), (DAY + 61, None), (DAY + 60, DAY + 60)],
)
def test_converted_by_the_first_paying_day(paid_from, day):
    assert converted_on(ONE, company(paid_from)) == day


def test_statuses():
    assert row_of(replace_referred(None), company())["status"] == "pending"
    assert row_of(ONE, company(None))["status"] == "signed_up"
    assert row_of(ONE, company())["status"] == "converted"
    assert row_of(ONE, company(credited=frozenset({reward_id("referral", "r")})))["status"] == "rewarded"


def replace_referred(home: str | None) -> Referral:
    return ONE._replace(referred=home)


def due_on(*invoices: Invoice, **more) -> list[int]:
    return sorted({row["due_at"] for row in rewards([ONE], company(invoices={"b": list(invoices)}, **more))})


def test_the_reward_is_due_30_days_after_an_invoice_that_stands():
    assert due_on(Invoice(DAY + 10, 9.99)) == [DAY + 40]
    assert due_on(Invoice(DAY + 10, 9.99), last=DAY + 39) == []
    assert due_on(Invoice(DAY + 10, 0)) == []
    part = Invoice(DAY + 10, 9.99, ((DAY + 12, 5.0),))
    assert due_on(part) == [DAY + 40]
    whole = Invoice(DAY + 10, 9.99, ((DAY + 40, 9.99),))
    assert due_on(whole) == [] and due_on(whole, Invoice(DAY + 15, 9.99)) == [DAY + 45]
    assert due_on(Invoice(DAY + 10, 9.99, ((DAY + 41, 9.99),))) == [DAY + 40]
    assert due_on(Invoice(DAY - 1, 9.99)) == []


def test_both_sides_are_rewarded_once_and_nobody_for_himself():
    rows = list(rewards([ONE], company()))
    assert [(row["kind"], row["household_id"], row["amount"], row["months"]) for row in rows] == [
        ("referral", "a", 10, None),
        ("referred", "b", None, 1),
    ]
    assert len({row["reward_id"] for row in rows}) == 2
    own = {"a": {"u1": None}, "b": {"u1": None}}
    assert list(rewards([ONE], company(addresses=own))) == []


@pytest.mark.parametrize(("last", "status"), [(DAY + 40 + 365, "due"), (DAY + 40 + 366, "expired")])
def test_a_reward_expires(last, status):
    assert {row["status"] for row in rewards([ONE], company(last=last))} == {status}
    granted = frozenset({reward_id("referral", "r")})
    found = {row["kind"]: row["status"] for row in rewards([ONE], company(last=last, credited=granted))}
    assert found == {"referral": "granted", "referred": status}


def test_equal_numbers_have_equal_places():
    all_of = [Referral(str(n), home, f"x{n}", at(DAY)) for n, home in enumerate("aabbc")]
    rows = {row["household_id"]: row["place"] for row in leaderboard(all_of, company())}
    assert rows == {"a": 1, "b": 1, "c": 3}
    assert list(leaderboard(all_of, company(last=DAY + 10 + 364))) != []
    assert list(leaderboard(all_of, company(last=DAY + 10 + 365))) == []


def points(*activities: str, referred=0, spent=()) -> dict | None:
    told = [Referral(str(n), "a", f"x{n}", at(DAY)) for n in range(referred)]
    given = [("a", activity, DAY + n) for n, activity in enumerate(activities)]
    return next(advocates(told, given, [("a", reason) for reason in spent], company()), None)


def test_points_tiers_and_what_they_cost():
    assert points("podcast") is None
    assert points("testimonial")["tier"] == "Fan"
    assert points("case_study")["tier"] == "Champion"
    assert points("webinar", "webinar")["tier"] == "Ambassador"
    row = points("case_study", referred=1, spent=("advocacy:credit", "referral", None))
    assert (row["points_earned"], row["points_spent"], row["points"], row["tier"]) == (
        800,
        200,
        600,
        "Ambassador",
    )
    assert row["since"] == DAY and points(referred=1)["since"] == DAY + 10


def test_a_referral_of_oneself_counts_nowhere():
    own = company(addresses={"a": {"u": None}, "b": {"u": None}})
    assert list(leaderboard([ONE], own)) == [] and list(advocates([ONE], [], [], own)) == []
    assert row_of(ONE, own)["reward_due_at"] is None
