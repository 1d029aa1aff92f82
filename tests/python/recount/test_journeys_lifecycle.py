"""The lifecycle by hand: each rule, both sides of each edge."""

from __future__ import annotations

from fractions import Fraction as F

import pandas as pd
import pytest

from customer_success.recount.households import lifecycle
from customer_success.recount.households.facts import Override
from customer_success.recount.households.lifecycle import Machine, Move, Spell
from customer_success.recount.households.lifecycle_spells import lifecycle_rows

from .journeys_by_hand import RULES, SUNDAY, after, answer, away, daily, event, household, of, version, world


class Fixed(Machine):
    """A machine whose scores are given; ``scores`` is by day, others are 75."""

    def health(self, d):
        return self.home.memory.get(("score", d), 75)


def machine(home, day, opportunity=lifecycle.no_opportunity):
    return Fixed(home, world(home, day), RULES, opportunity)


def lives(home, day, opportunity=lifecycle.no_opportunity):
    return list(lifecycle_rows(machine(home, day, opportunity)))


def stages(home, day, opportunity=lifecycle.no_opportunity):
    return [(r["stage"], r["entered_on"], r["rule"]) for r in lives(home, day, opportunity)]


def busy(days=140, signup=SUNDAY, versions=()):
    """A household that is there each day and completes its onboarding on the first."""
    home = household(signup, versions)
    daily(home, signup, days)
    event(home, signup, "login")
    event(home, signup, "task_completion")
    home.pets.append(("cat", of(signup), of(after(10_000))))
    return home


def step(home, at, stage_, rule="4", score=75, opportunity=lifecycle.no_opportunity):
    home.memory["score", of(after(at))] = score
    move = machine(home, after(at), opportunity).step(of(after(at)), Spell(Move(stage_, rule), of(SUNDAY)))
    return None if move is None else (move.stage, move.rule)


def test_the_normal_way_is_one_step_a_sunday():
    assert stages(busy(), after(100)) == [
        ("onboarding", of(SUNDAY), "2"),
        ("adopting", of(after(7)), "6"),
        ("growing", of(after(91)), "8"),
    ]


def test_on_the_first_sunday_only_the_first_rules_hold():
    home = busy()
    home.memory["score", of(SUNDAY)] = 10
    home.memory["score", of(after(7))] = 10
    assert stages(home, after(8))[1] == ("at_risk", of(after(7)), "4")


def test_a_trial_at_signup_goes_to_onboarding_when_it_ends():
    home = busy(versions=(version(SUNDAY, status="trialing"), version(after(14))))
    assert [s[0] for s in stages(home, after(22))] == ["trial", "onboarding", "adopting"]
    assert stages(home, after(22))[1][1:] == (of(after(14)), "5")


@pytest.mark.parametrize("score, risk", [(39, True), (40, False), (None, False)])
def test_health_below_forty_is_a_risk(score, risk):
    assert (step(busy(), 100, "growing", score=score) == ("at_risk", "4")) is risk


@pytest.mark.parametrize("day, risk", [(53, False), (54, True)])
def test_over_fourteen_days_without_login_are_a_risk(day, risk):
    home = busy(days=40)
    assert (step(home, day, "growing") == ("at_risk", "4")) is risk


def test_without_any_login_the_days_since_signup_count():
    assert step(household(), 14, "onboarding") is None
    assert step(household(), 15, "onboarding") == ("at_risk", "4")
    assert step(household(absent=("product.events",)), 15, "onboarding") is None


@pytest.mark.parametrize("score, risk", [(6, True), (7, False)])
def test_a_detractor_is_at_risk(score, risk):
    home = busy()
    answer(home, after(90), score)
    assert (step(home, 100, "growing") == ("at_risk", "4")) is risk


def test_onboarding_with_half_of_its_steps_ends_after_thirty_days():
    home = busy()
    home.pets.clear()
    assert step(home, 30, "onboarding") is None
    assert step(home, 31, "onboarding") == ("adopting", "6")
    home.events = [e for e in home.events if e.name == "app_open"]
    home.memory.clear()
    assert step(home, 30, "onboarding") is None
    assert step(home, 31, "onboarding") == ("at_risk", "7")


@pytest.mark.parametrize("score, day, moves", [(70, 91, True), (69, 91, False), (70, 90, False)])
def test_growing_needs_health_and_ninety_days(score, day, moves):
    assert (step(busy(), day, "adopting", score=score) == ("growing", "8")) is moves


def yearly(left, **more):
    return busy(versions=(version(SUNDAY, interval="year", period_end=after(100 + left), **more),))


def test_a_long_subscription_renews_within_sixty_days():
    assert step(yearly(60), 100, "growing") == ("renewing", "9")
    assert step(yearly(61), 100, "growing") is None
    assert step(yearly(60), 100, "renewing") is None
    assert step(yearly(61), 100, "renewing") == ("growing", "12")
    assert step(yearly(30, leaving=True), 100, "growing") is None
    assert step(yearly(30, leaving=True), 100, "renewing") == ("growing", "12")
    monthly = busy(versions=(version(SUNDAY, period_end=after(110)),))
    assert step(monthly, 100, "growing") is None


def test_an_open_opportunity_expands_and_its_end_leads_back():
    assert step(busy(), 100, "growing", opportunity=lambda home, d: 2) == ("expanding", "10")
    assert step(busy(), 100, "expanding", opportunity=lambda home, d: 2) is None
    assert step(busy(), 100, "expanding") == ("growing", "13")


@pytest.mark.parametrize("nps, score, moves", [(9, 80, True), (8, 80, False), (9, 79, False)])
def test_advocating_is_entered_by_promoters_in_good_health(nps, score, moves):
    home = busy()
    answer(home, after(90), nps)
    assert (step(home, 100, "growing", score=score) == ("advocating", "11")) is moves


@pytest.mark.parametrize(
    "nps, score, moves", [(9, 70, False), (9, 69, True), (8, 90, True), (None, 90, False)]
)
def test_advocating_is_left_below_seventy_or_by_another_answer(nps, score, moves):
    home = busy()
    if nps:
        answer(home, after(90), nps)
    assert (step(home, 100, "advocating", score=score) == ("growing", "14")) is moves


@pytest.mark.parametrize("score, day, to", [(60, 91, "growing"), (60, 90, "adopting"), (59, 91, None)])
def test_a_household_recovers_at_sixty(score, day, to):
    found = step(busy(), day, "at_risk", score=score)
    assert found == (None if to is None else (to, "15"))


def test_who_failed_at_onboarding_recovers_with_half_of_it():
    home = busy()
    assert step(home, 100, "at_risk", "7") == ("growing", "15")
    home.events = [e for e in home.events if e.name == "app_open"]
    home.pets.clear()
    home.memory.clear()
    assert step(home, 100, "at_risk", "7") is None
    assert step(home, 100, "at_risk", "4") == ("growing", "15")


def set_to(home, day, stage_):
    home.overrides.append(Override(pd.Timestamp(day), f"o{day}", of(day), stage_))


def test_an_override_holds_from_its_sunday_and_beats_all_but_churn():
    home = busy()
    set_to(home, after(50), "growing")  # the next Sunday is day 56
    assert stages(home, after(60))[-1] == ("growing", of(after(56)), "override")
    assert lives(home, after(60))[-1]["triggered_by"] == "manual"
    away(home, after(55))
    assert stages(home, after(60))[-1][0] == "churned"


def test_an_override_on_the_first_sunday_is_the_stage_from_signup_on():
    home = busy(signup=after(3))
    set_to(home, after(5), "growing")
    assert stages(home, after(9))[0] == ("growing", of(after(3)), "override")


def test_an_override_to_the_same_stage_is_no_new_spell_and_no_new_reason():
    home = busy()
    before = stages(home, after(100))
    set_to(home, after(95), "growing")
    home.memory.clear()
    assert stages(home, after(100)) == before


def test_a_household_set_at_risk_leaves_like_one_that_came_by_rule_4():
    home = busy()
    set_to(home, after(50), "at_risk")
    assert [s[0] for s in stages(home, after(64))][-2:] == ["at_risk", "adopting"]


def test_a_return_begins_with_onboarding_and_its_days_count_from_there():
    home = household()
    daily(home, after(100), 60)
    away(home, after(30), after(100))
    assert stages(home, after(136))[-2:] == [
        ("onboarding", of(after(100)), "3"),
        ("at_risk", of(after(133)), "7"),
    ]


def test_households_of_before_begin_by_tenure():
    for age, stage_ in ((30, "onboarding"), (31, "adopting"), (90, "adopting"), (91, "growing")):
        home = busy(days=900, signup=after(-age))
        row = lives(home, after(7 * 104 - 1))[0]
        assert (row["stage"], row["is_left_truncated"], row["rule"]) == (stage_, True, None)


def test_the_next_stage_and_its_conditions():
    row = lives(busy(), after(50))[-1]
    assert (row["stage"], row["next_stage"]) == ("adopting", "growing")
    assert (row["stage_progress"], row["blocker_count"]) == (F(1, 2), 1)
