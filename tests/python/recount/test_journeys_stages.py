"""Stages of the journey by hand, both sides of each edge."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from customer_success.recount.households.facts import Review
from customer_success.recount.households.journey import journey_rows, stage_of_customer

from .journeys_by_hand import RULES, after, answer, away, event, household, of, world


def journey(home, day):
    return [(r["stage"], r["entered_on"], r["left_on"]) for r in journey_rows(home, world(home, day), RULES)]


def stage(home, days, was=None):
    return stage_of_customer(home, of(after(days)), was)


def test_onboarding_lasts_thirty_days():
    assert (stage(household(), 30), stage(household(), 31)) == ("onboarding", "adoption")


@pytest.mark.parametrize("age, expected", [(90, "adoption"), (91, "growth")])
def test_growth_begins_after_ninety_days(age, expected):
    home = household()
    home.pets.append(("cat", of(after(60)), of(after(10_000))))
    assert stage(home, age) == expected


@pytest.mark.parametrize("added, expected", [(30, "adoption"), (31, "growth")])
def test_what_is_added_in_the_days_of_set_up_is_no_growth(added, expected):
    home = household()
    home.members.append(("ann", of(after(added)), of(after(10_000))))
    assert stage(home, 100) == expected


@pytest.mark.parametrize("age, expected", [(189, "growth"), (190, "adoption")])
def test_growth_ends_ninety_days_after_the_addition(age, expected):
    home = household()
    home.pets.append(("cat", of(after(100)), of(after(10_000))))
    assert stage(home, age) == expected


@pytest.mark.parametrize("age, expected", [(180, "adoption"), (181, "advocacy")])
def test_a_promoter_is_an_advocate_after_180_days(age, expected):
    home = household()
    answer(home, after(150), 9)
    assert stage(home, age) == expected
    home.answers.clear()
    answer(home, after(150), 8)
    assert stage(home, age) == "adoption"


@pytest.mark.parametrize("rating, expected", [(3, "adoption"), (4, "advocacy")])
def test_a_review_of_four_stars_makes_an_advocate(rating, expected):
    home = household()
    home.reviews.append(Review(of(after(40)), F(rating)))
    assert stage(home, 404) == expected
    assert stage(home, 405) == "adoption"


def test_two_referrals_in_ninety_days_make_an_advocate():
    home = household()
    home.conversions += [of(after(40)), of(after(60))]
    assert (stage(home, 129), stage(home, 130)) == ("advocacy", "adoption")
    home.conversions.pop()
    assert stage(home, 60) == "adoption"


def steady(days_of_week):
    """A household of over a year, with two members who take turns on some days of each week."""
    home = household()
    for week in range(52, 58):
        for day in range(days_of_week):
            event(home, after(7 * week + day), user=("owner", "ann")[day % 2])
    return home


def test_retention_is_entered_at_four_tenths_and_left_below_three():
    # Six days of one of two: 6/14 of those of the week; five: 5/14, four: 4/14.
    assert stage(steady(6), 400) == "retention"
    assert (stage(steady(5), 400), stage(steady(5), 400, "retention")) == ("adoption", "retention")
    assert stage(steady(4), 400, "retention") == "adoption"
    assert stage(steady(6), 365) == "adoption"


def test_the_first_spell_begins_on_signup_and_changes_on_sundays():
    wednesday = after(3)
    home = household(wednesday)
    assert journey(home, after(40, wednesday)) == [
        ("onboarding", of(wednesday), of(after(35))),
        ("adoption", of(after(35)), None),
    ]


def test_churn_and_return_between_two_sundays_are_two_spells():
    home = household()
    away(home, after(50), after(52))
    assert journey(home, after(60))[1:] == [
        ("adoption", of(after(35)), of(after(50))),
        ("churned", of(after(50)), of(after(52))),
        ("adoption", of(after(52)), None),
    ]
    rows = list(journey_rows(home, world(home, after(60)), RULES))
    assert [r["trigger_event"] for r in rows] == [
        "signup_completed",
        "onboarding_period_ended",
        "dark",
        "reactivated",
    ]


def test_a_return_without_a_sunday_has_the_stage_of_the_day_before_it_churns_again():
    home = household()
    home.pets.append(("cat", of(after(101)), of(after(10_000))))  # a Thursday + 2
    away(home, after(70), after(99))
    away(home, after(103))
    assert journey(home, after(120))[-2:] == [
        ("growth", of(after(99)), of(after(103))),
        ("churned", of(after(103)), None),
    ]


def test_what_ran_before_the_first_score_date_is_truncated():
    home = household(after(-399))  # on the first score date
    first = journey_rows(home, world(home, after(7 * 104 - 400)), RULES)
    assert next(first)["is_left_truncated"] is False
    old = household(after(-1))
    as_of = after(7 * 104 - 1)  # the first score date is SUNDAY, a day after signup
    row = next(journey_rows(old, world(old, as_of), RULES))
    assert (row["is_left_truncated"], row["entered_on"], row["previous_stage"]) == (True, None, None)
    assert row["left_on"] == of(after(35))


def test_the_present_day_shows_its_stage_and_opens_nothing():
    home = household()
    rows = list(journey_rows(home, world(home, after(31)), RULES))
    assert [(r["stage"], r["stage_today"]) for r in rows] == [("onboarding", "adoption")]
