"""Onboarding by hand: starts of programs, criteria, status, milestones, both sides of each edge."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from customer_success.recount.households.facts import Seen
from customer_success.recount.households.onboarding import courses, onboarding_rows, progress_at, step_rows
from customer_success.recount.marts.journey_reports import median_days

from .journeys_by_hand import (
    RULES,
    SUNDAY,
    after,
    away,
    event,
    household,
    meeting,
    of,
    setting,
    version,
    world,
)


def row(home, day, program="quick_start", seen=None):
    rows = onboarding_rows(home, world(home, day, seen), RULES)
    return [one for one in rows if one["program"] == program]


def started():
    """A household that has signed up and done all but its first task."""
    home = household()
    event(home, SUNDAY, "login")
    home.pets.append(("cat", of(SUNDAY), of(after(10_000))))
    return home


def test_required_steps_alone_make_the_progress_and_completion():
    home = started()
    assert row(home, SUNDAY)[0]["progress"] == F(3, 4)
    event(home, after(2), "task_completion")
    home.memory.clear()
    done = row(home, after(2))[0]
    assert (done["status"], done["progress"], done["completed_on"]) == ("completed", 1, of(after(2)))
    assert done["first_value_on"] == of(after(2))
    assert done["current_step"] is None


def test_the_current_step_is_the_first_undone():
    assert row(household(), SUNDAY)[0]["current_step"] == "welcome"
    assert row(started(), SUNDAY)[0]["current_step"] == "first_task"


@pytest.mark.parametrize(
    "days, status",
    [(0, "in_progress"), (3, "in_progress"), (4, "stalled"), (96, "stalled"), (97, "abandoned")],
)
def test_a_program_stalls_and_is_abandoned(days, status):
    assert row(started(), after(days))[0]["status"] == status


def test_only_signed_up_is_not_started_until_it_stalls():
    assert row(household(), after(3))[0]["status"] == "not_started"
    assert row(household(), after(4))[0]["status"] == "stalled"


def test_churn_on_any_day_since_the_start_goes_before_being_stalled_but_not_before_completion():
    home = started()
    away(home, after(40), after(60))
    assert row(home, after(70))[0]["status"] == "churned"
    event(home, after(61), "task_completion")
    home.memory.clear()
    assert row(home, after(70))[0]["status"] == "completed"


@pytest.mark.parametrize("days, due, late", [(0, 0, 0), (1, 1, 0), (2, 1, 0), (3, 2, 1), (7, 3, 2)])
def test_milestones_are_due_at_the_end_of_their_day(days, due, late):
    found = row(started(), after(days))[0]
    assert (found["milestones_due"], found["milestones_late"]) == (due, late)


def test_a_step_done_after_its_milestone_was_late():
    home = started()
    event(home, after(4), "task_completion")
    assert row(home, after(7))[0]["milestones_late"] == 1


def test_steps_whose_template_or_source_never_occurs_are_left_out():
    home = household(versions=(version(SUNDAY, "Enterprise"),))
    for name in ("ann", "bob"):
        home.members.append((name, of(SUNDAY), of(after(10_000))))
    for user in ("owner", "ann", "bob"):
        event(home, after(2), user=user)
    event(home, after(3), "feature_used", feature="reminders")
    unknown = row(home, after(5), "success_program", Seen(frozenset()))[0]
    assert (unknown["status"], unknown["progress"]) == ("completed", 1)
    home.memory.clear()
    assert row(home, after(5), "success_program")[0]["progress"] == F(2, 6)
    home.memory.clear()
    steps = step_rows(home, world(home, after(5), Seen(frozenset())), RULES)
    assert {one["step"] for one in steps if one["is_required"]} == {"implementation", "go_live"}


def test_meetings_count_from_the_first_day_on():
    home = household(versions=(version(after(10), "Enterprise"),))
    meeting(home, after(3), "kickoff")
    steps = {one["step"]: one for one in step_rows(home, world(home, after(12)), RULES)}
    assert steps["kickoff"]["completed_on"] == of(after(10))
    assert steps["discovery"]["completed_on"] is None


def test_who_begins_on_enterprise_has_no_quick_start():
    home = household(versions=(version(SUNDAY, "Enterprise"),))
    assert {c.program.name for c in courses(home, world(home, after(1)), RULES)} == {"success_program"}
    later = household(versions=(version(after(1), "Enterprise"),))
    assert [c.started for c in courses(later, world(later, after(1)), RULES)] == [of(SUNDAY), of(after(1))]


def test_each_start_of_paying_for_premium_begins_a_program_but_none_after_enterprise():
    versions = (
        version(SUNDAY, "Enterprise"),
        version(after(10), "Premium"),
        version(after(20), status="unpaid"),
        version(after(30), "Premium"),
    )
    home = household(versions=versions)
    found = courses(home, world(home, after(40)), RULES)
    assert [c.started for c in found if c.program.name == "premium_start"] == [of(after(30))]


def test_a_trial_is_no_start_of_paying():
    home = household(versions=(version(SUNDAY, status="trialing"), version(after(14))))
    found = courses(home, world(home, after(20)), RULES)
    assert [c.started for c in found if c.program.name == "premium_start"] == [of(after(14))]


def test_premium_is_complete_on_the_day_its_adoption_reaches_40():
    home = household(versions=(version(SUNDAY),))
    setting(home, after(1), "calendar_sync")
    event(home, after(3), "feature_used", feature="custom_templates")
    day_before = row(home, after(2), "premium_start")[0]
    assert (day_before["progress"], day_before["completed_on"]) == (F(25, 40), None)
    home.memory.clear()
    done = row(home, after(3), "premium_start")[0]
    assert (done["progress"], done["completed_on"], done["status"]) == (1, of(after(3)), "completed")


def test_the_best_score_so_far_is_kept():
    home = household(versions=(version(SUNDAY),))
    setting(home, after(1), "calendar_sync")
    setting(home, after(2), "calendar_sync", on=False)
    assert row(home, after(9), "premium_start")[0]["progress"] == F(25, 40)


def test_a_premium_step_is_done_when_it_first_has_points():
    home = household(versions=(version(SUNDAY),))
    for day in (1, 5):
        event(home, after(day), "feature_used", feature="advanced_analytics")
    steps = {one["step"]: one["completed_on"] for one in step_rows(home, world(home, after(9)), RULES)}
    assert steps["analytics"] == of(after(5))  # one view has no points, two have


def test_progress_at_a_day_is_that_of_the_program_that_came_furthest_by_then():
    home = started()
    event(home, after(2), "task_completion")
    there = world(home, after(9))
    assert progress_at(home, of(SUNDAY), there, RULES) == F(3, 4)
    assert progress_at(home, of(after(2)), there, RULES) == 1
    assert progress_at(home, of(after(-1)), there, RULES) is None


def test_one_who_joins_twice_is_one_member():
    home = started()
    home.members.append(("owner", of(after(1)), of(after(10_000))))
    steps = {one["step"]: one["completed_on"] for one in step_rows(home, world(home, after(3)), RULES)}
    assert steps["invite_member"] is None


@pytest.mark.parametrize(
    "courses_, median",
    [
        ([(0, None, 30), (2, None, 30), (None, None, 30)], 2),
        ([(0, None, 30), (None, None, 30), (None, None, 30)], None),
        ([(0, None, 30), (None, 1, 30), (None, 1, 30)], None),  # churn competes, it does not censor
        ([(0, None, 30), (None, None, 1), (5, None, 30)], 5),
        ([(3, 3, 30)], 3),
        ([(4, 3, 30)], None),
    ],
)
def test_median_days_by_cumulative_incidence(courses_, median):
    assert median_days(courses_) == median
