"""Customers without an owner are given to the customer success manager with the fewest."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from customer_success.journeys import NO_PLAN, NO_PORTFOLIO, NO_REGION, assign

DEMAND = ["household_id", "plan_type", "region"]
SUPPLY = ["owner_id", "plan_type", "regions", "portfolio_size", "households"]


def assigned(demand: list[tuple], supply: list[tuple]) -> list[tuple]:
    """(owner_id, reason) of each customer, in their order."""
    result = assign(pd.DataFrame(demand, columns=DEMAND), pd.DataFrame(supply, columns=SUPPLY))
    assert list(result["household_id"]) == [one[0] for one in demand]
    return [
        (None if pd.isna(owner) else owner, None if pd.isna(reason) else reason)
        for owner, reason in zip(result["owner_id"], result["reason"], strict=True)
    ]


def test_the_smallest_portfolio_counts_what_was_just_assigned_and_ties_go_to_the_lowest_id():
    supply = [("b", "Premium", "EU", 9, 1), ("a", "Premium", "EU", 9, 2)]
    households = [(f"h{n}", "Premium", "EU") for n in range(4)]
    assert [owner for owner, _ in assigned(households, supply)] == ["b", "a", "b", "a"]


def test_a_portfolio_is_filled_to_its_size_and_no_further():
    supply = [("a", "Premium", "EU", 3, 2), ("b", "Premium", "EU", 2, 2)]
    households = [("h1", "Premium", "EU"), ("h2", "Premium", "EU")]
    assert assigned(households, supply) == [("a", None), (None, NO_PORTFOLIO)]


def test_plan_and_region_must_fit():
    supply = [("a", "Premium", "US, APAC", 9, 0), ("b", "Enterprise", "EU", 9, 0)]
    households = [
        ("h1", "Premium", "APAC"),
        ("h2", "Premium", "EU"),
        ("h3", "Basic", "EU"),
        ("h4", "Premium", None),
        ("h5", "Enterprise", "EU"),
    ]
    assert assigned(households, supply) == [
        ("a", None),
        (None, NO_REGION),
        (None, NO_PLAN),
        (None, NO_REGION),
        ("b", None),
    ]


def test_an_unknown_plan_may_go_to_whoever_is_offered_without_a_plan():
    supply = [("a", "Premium", "EU", 9, 0), ("b", None, "EU", 9, 5)]
    assert assigned([("h1", None, "EU"), ("h2", "Premium", "EU")], supply) == [("b", None), ("a", None)]


def test_room_is_shared_between_the_plans_of_an_owner():
    supply = [("a", "Premium", "EU", 1, 0), ("a", "Enterprise", "EU", 1, 0)]
    households = [("h1", "Enterprise", "EU"), ("h2", "Premium", "EU")]
    assert assigned(households, supply) == [("a", None), (None, NO_PORTFOLIO)]


def test_nobody_to_assign_and_nobody_to_assign_to():
    assert assigned([], [("a", "Premium", "EU", 9, 0)]) == []
    assert assigned([("h1", "Premium", "EU")], []) == [(None, NO_PLAN)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Premium", "Enterprise", None]), st.sampled_from(["EU", "US", None]))
    ),
    st.dictionaries(
        st.sampled_from("abcd"),
        st.tuples(st.sampled_from(["EU", "US", "EU,US", None]), st.integers(0, 4), st.integers(0, 4)),
    ),
)
def test_no_portfolio_is_overfilled_and_nobody_waits_while_there_is_room(customers, owners):
    supply = [
        (owner, plan, regions, size, held)
        for owner, (regions, size, held) in owners.items()
        for plan in ("Premium", None)
    ]
    households = [(f"h{n}", plan, region) for n, (plan, region) in enumerate(customers)]
    held = {owner: held for owner, (_, _, held) in owners.items()}
    for (owner, _), (_, plan, region) in zip(assigned(households, supply), households, strict=True):
        with_room = [
            one
            for one, (regions, size, _) in owners.items()
            if plan != "Enterprise" and region in (regions or "").split(",") and held[one] < size
        ]
        assert (owner is None) == (not with_room)
        if owner:
            assert owner in with_room
            assert held[owner] == min(held[one] for one in with_room)
            held[owner] += 1
