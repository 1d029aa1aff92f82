"""What journeys need of the raw rows: referrals that converted, reviews, overrides, templates of meetings."""

from __future__ import annotations

import duckdb
import pytest
from recompute.miniature import Miniature

from customer_success.recount.households.collecting import load_world
from customer_success.recount.households.engagements import template_of
from customer_success.recount.households.sample import raw_relations, sampled_world

from .journeys_by_hand import project_rules


def company(friend_email="bob@mail.example", friend_members=("u2",)) -> Miniature:
    """Two households; the second pays from 10 January on."""
    mini = Miniature()
    mini.prices()
    mini.household("h1")
    mini.household("h2", "2024-01-05 09:00", friend_members)
    mini.add("app.users", id="u1", email="Ann@mail.example", created_at="2024-01-01")
    mini.add("app.users", id="u2", email=friend_email, created_at="2024-01-01")
    mini.version("2024-01-10", "active", home="h2")
    return mini


def refer(mini, created="2024-01-06", **more):
    mini.add(
        "cs.referrals",
        **{"referrer_household_id": "h1", "referred_household_id": "h2", "created_at": created} | more,
    )


def conversions(mini, as_of="2024-02-01"):
    return [d - 19_723 for d in load_world(mini.raw(), as_of).homes["h1"].conversions]  # since 2024-01-01


def test_a_referral_converts_on_the_first_paying_day():
    mini = company()
    refer(mini)
    assert conversions(mini) == [9]
    assert conversions(mini, "2024-01-09") == []


def test_a_code_stands_for_its_household():
    mini = company()
    mini.add("cs.referral_codes", household_id="h1", referral_code="CODE", issued_at="2024-01-02")
    refer(mini, referrer_household_id=None, referral_code="CODE")
    assert conversions(mini) == [9]


def test_one_who_paid_the_day_before_is_no_conversion():
    mini = company()
    refer(mini, "2024-01-11")
    assert conversions(mini) == []


@pytest.mark.parametrize(
    "more",
    [{"friend_members": ("u2", "u1")}, {"friend_email": "ANN+cats@mail.example"}],
    ids=["user", "address"],
)
def test_self_referrals_count_nowhere(more):
    mini = company(**more)
    refer(mini)
    assert conversions(mini) == []


@pytest.mark.parametrize("more", [{}, {"friend_members": ("u2", "u1")}], ids=["another", "itself"])
def test_the_sample_reads_the_people_of_both_sides(more, tmp_path):
    mini = company(**more)
    refer(mini)
    mini.add("app.pets", household_id="h2", added_at="2024-01-07")
    for (source, table), frame in mini.raw().items():
        if len(frame):
            (tmp_path / source).mkdir(exist_ok=True)
            frame.astype("string").to_parquet(tmp_path / source / f"{table}.parquet")
    with duckdb.connect() as connection:
        relations = raw_relations(connection, tmp_path, {})
        found = sampled_world(connection, relations, ["h1"], 19_723 + 31, project_rules())
    whole = load_world(mini.raw(), "2024-02-01").homes["h1"]
    assert found.homes["h1"].conversions == whole.conversions == ([] if more else [19_732])


def test_reviews_and_overrides_belong_to_their_household():
    mini = company()
    mini.add("cs.reviews", household_id="h1", platform="store", rating=4, submitted_at="2024-01-03")
    mini.add("cs.reviews", household_id="h1", platform="store", rating=5, submitted_at="2024-03-03")
    mini.add(
        "cs.lifecycle_overrides", household_id="h1", stage="growing", set_at="2024-01-04", reason_code="x"
    )
    home = load_world(mini.raw(), "2024-02-01").homes["h1"]
    assert [(r.day - 19_723, r.rating) for r in home.reviews] == [(2, 4)]
    assert [(o.day - 19_723, o.stage) for o in home.overrides] == [(3, "growing")]


def test_templates_of_meetings_anywhere():
    mini = company()
    mini.add("hubspot.company", id="c2", household_id="h2")
    for template, event in (("kickoff", "held"), ("training", "invited")):
        mini.add(
            "hubspot.engagement",
            company_id="c2",
            type="meeting",
            event=event,
            template=template,
            occurred_at="2024-01-20",
        )
    world = load_world(mini.raw(), "2024-02-01", chosen=lambda staged, lines: ["h1"])
    assert world.seen.templates == {"kickoff", "training"}
    assert load_world(mini.raw(), "2024-01-19").seen.templates == frozenset()


@pytest.mark.parametrize(
    "title, template",
    [
        ("Kick-off with Ann", "kickoff"),
        ("30 DAY REVIEW", "review_30"),
        ("Quarterly review", "review"),
        ("Lunch", None),
        (None, None),
    ],
)
def test_titles_of_meetings_have_templates(title, template):
    assert template_of(title, project_rules()) == template
