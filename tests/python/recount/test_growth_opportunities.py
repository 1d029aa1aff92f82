"""Opportunities by hand: each condition on both sides of its bound, and how a spell ends."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from customer_success.recount.households import opportunities, opportunity_signals
from customer_success.recount.households.growth_facts import Criterion, Growth, Hit, Task
from customer_success.recount.households.opportunities import Spell, estimated_value, holds, spells
from customer_success.recount.households.values import FAR
from recount.voice_company import DAY, FREE, RULES, at, churn, event, home, paying

SUNDAY = DAY + (3 - DAY) % 7


def joined(*days: int) -> list[tuple[str, int, int]]:
    return [(f"m{number}", day, FAR) for number, day in enumerate(days)]


def test_members_over_four_fifths_of_the_limit():
    given = home(DAY)
    given.members = joined(DAY, DAY)
    assert not holds("user_expansion", given, Growth(), DAY)  # 2 of 3
    given.members = joined(DAY, DAY, DAY)
    assert holds("user_expansion", given, Growth(), DAY)
    assert not holds("user_expansion", home(DAY, (DAY, paying())), Growth(), DAY)  # no limit


def photos(count: int, day: int) -> list:
    return [event(day, "photo_upload", "photo_uploads") for _ in range(count)]


def test_photos_over_nine_tenths_with_an_upload_or_a_hit_in_30_days():
    for count, later, hits, found in (
        (9, 0, [], False),
        (10, 29, [], True),
        (10, 30, [], False),
        (10, 40, [Hit(DAY + 40, "photo_uploads")], True),
        (10, 40, [Hit(DAY + 40, "members")], False),
    ):
        given = home(DAY, events=photos(count, DAY))
        assert holds("storage_expansion", given, Growth(hits=hits), DAY + later) is found


def test_recurring_tasks_in_use_are_open_and_due_within_30_days():
    for due, until, count in (
        (DAY, FAR, 1),
        (DAY + 30, FAR, 1),
        (DAY + 31, FAR, 0),
        (DAY - 1, FAR, 0),
        (DAY + 5, DAY, 0),
        (DAY + 5, DAY + 1, 1),
        (None, FAR, 0),
    ):
        task = Task(DAY - 9, due, until)
        assert opportunities.tasks_in_use(Growth(recurring=[task]), DAY, 30) == count
    four = Growth(recurring=[Task(DAY, DAY + 1, FAR)] * 4)
    assert holds("task_expansion", home(), four, DAY)  # .8 of 5
    three = Growth(recurring=[Task(DAY, DAY + 1, FAR)] * 3)
    assert not holds("task_expansion", home(), three, DAY)


def done(*windows: int) -> list:
    """Return so many tasks in each window of 30 days, the latest first, up to DAY + 149."""
    return sorted(
        (
            event(DAY + 149 - 30 * back, "task_completion", "complete_task")
            for back, n in enumerate(windows)
            for _ in range(n)
        ),
        key=lambda one: one.day,
    )


def test_busy_on_free_with_few_features():
    assert holds("feature_upgrade", home(DAY, events=done(60)), Growth(), DAY + 149)
    assert not holds("feature_upgrade", home(DAY, events=done(59)), Growth(), DAY + 149)
    on_premium = home(DAY, (DAY, paying()), events=done(60))
    assert not holds("feature_upgrade", on_premium, Growth(), DAY + 149)
    higher = [event(DAY + 149, "feature_used", name) for name in ("reminders", "calendar_sync")]
    assert holds("feature_upgrade", home(DAY, events=[*done(60), higher[0]]), Growth(), DAY + 149)
    assert not holds("feature_upgrade", home(DAY, events=[*done(60), *higher]), Growth(), DAY + 149)


def test_work_that_rises_four_times():
    assert holds("tier_upgrade", home(DAY, events=done(4, 3, 2, 1)), Growth(), DAY + 149)
    assert not holds("tier_upgrade", home(DAY, events=done(4, 3, 3, 1)), Growth(), DAY + 149)
    for signup, found in ((DAY + 29, True), (DAY + 30, False)):
        assert holds("tier_upgrade", home(signup, events=done(4, 3, 2, 0)), Growth(), DAY + 149) is found


def test_more_than_three_hits():
    for count, found in ((3, False), (4, True)):
        growth = Growth(hits=[Hit(DAY, None)] * count)
        assert holds("add_features", home(), growth, DAY + 29) is found
        assert not holds("add_features", home(), growth, DAY + 30)


def test_a_team_that_outgrew_its_seats():
    given = home(DAY, (DAY, paying("Enterprise", "30", 5)))
    for then, now, found in ((5, 6, True), (6, 7, False), (4, 5, False), (0, 6, False)):
        given.members = joined(*[DAY] * then, *[DAY + 50] * (now - then))
        assert holds("add_seats", given, Growth(), DAY + 90) is found


def test_a_household_that_is_no_customer_has_none():
    growth = Growth(hits=[Hit(DAY, None)] * 4)
    assert not holds("add_features", home(spells=[churn(DAY + 5)]), growth, DAY + 5)


def hits(*sundays: int) -> Growth:
    """Return four hits on each Sunday; the condition holds on it and on the four after it."""
    return Growth(hits=[Hit(SUNDAY + 7 * number, None) for number in sundays for _ in range(4)])


def of_kind(growth: Growth, last: int, *steps, **facts) -> list[Spell]:
    return list(spells("add_features", home(SUNDAY - 3, *steps, **facts), growth, last))


def test_it_expires_after_13_sundays_without():
    # Met up to Sunday 4; the thirteenth without is Sunday 17.
    assert of_kind(hits(0), SUNDAY + 7 * 17 - 1) == [Spell("add_features", SUNDAY, "open", None)]
    expired = Spell("add_features", SUNDAY, "expired", SUNDAY + 7 * 17)
    assert of_kind(hits(0), SUNDAY + 7 * 17) == [expired]
    assert len(of_kind(hits(0, 17), SUNDAY + 7 * 20)) == 1  # held again in time
    again = Spell("add_features", SUNDAY + 7 * 18, "open", None)
    assert of_kind(hits(0, 18), SUNDAY + 7 * 20) == [expired, again]


@pytest.mark.parametrize(
    ("steps", "facts", "status", "day"),
    [
        ([(SUNDAY + 2, paying())], {}, "won", SUNDAY + 2),
        ([(SUNDAY - 3, paying()), (SUNDAY + 2, FREE)], {}, "lost", SUNDAY + 2),
        ([], {"spells": [churn(SUNDAY + 3)]}, "lost", SUNDAY + 3),
        ([(SUNDAY, paying())], {}, "open", None),  # before it was identified
    ],
)
def test_how_it_ends(steps, facts, status, day):
    assert of_kind(hits(0), SUNDAY + 6, *steps, **facts) == [Spell("add_features", SUNDAY, status, day)]


def test_after_its_end_another_opens_on_the_next_sunday():
    found = of_kind(hits(0), SUNDAY + 7, (SUNDAY + 2, paying()))
    assert [one.identified for one in found] == [SUNDAY, SUNDAY + 7]


def test_seats_are_won_by_seats():
    given = home(DAY, (DAY, paying("Enterprise", "30", 5)), (DAY + 95, paying("Enterprise", "36", 6)))
    assert opportunities.endings("add_seats", given) == [(DAY + 95, "won")]


def test_values_are_net_of_what_is_paid_and_never_negative():
    prices = {"Premium": Fraction("9.99"), "Enterprise": Fraction(6)}
    assert estimated_value("tier_upgrade", home(), DAY, prices) == Fraction("9.99")
    assert estimated_value("tier_upgrade", home(), DAY, {}) is None
    team = home(DAY, (DAY, paying("Premium", "9.99")))
    team.members = joined(DAY, DAY)
    assert estimated_value("add_features", team, DAY, prices) == Fraction("2.01")
    team.members = joined(DAY)
    assert estimated_value("add_features", team, DAY, prices) is None  # 6 - 9.99
    firm = home(DAY, (DAY, paying("Enterprise", "30", 5)))
    firm.members = joined(*[DAY] * 7)
    assert estimated_value("add_seats", firm, DAY, prices) == 12
    assert estimated_value("add_features", firm, DAY, prices) is None  # no next plan


def test_renewal_within_60_days_of_a_long_contract():
    yearly = SimpleNamespace(interval="year", interval_count=1)
    monthly = SimpleNamespace(interval="month", interval_count=5)
    half = SimpleNamespace(interval="month", interval_count=6)
    for price, days, leaving, found in (
        (yearly, 60, False, True),
        (yearly, 61, False, False),
        (yearly, 30, True, False),
        (monthly, 30, False, False),
        (half, 30, False, True),
    ):
        main = SimpleNamespace(
            paying=True,
            cancel_at_period_end=leaving,
            cancel_at=pd.NaT,
            price=price,
            current_period_end=at(DAY + days),
            rules=RULES,
        )
        given = home(DAY, (DAY, paying(main=main)))
        assert opportunity_signals.renews_soon(given, DAY) is found


def test_the_score_is_the_share_of_the_weights():
    both = opportunity_signals.signal_score(["approaching_limit", "nps_promoter"], RULES)
    assert both == Fraction("1.4") / Fraction("4.6")
    assert opportunity_signals.signal_score([], RULES) == 0


def test_a_criterion_is_achieved_by_its_deadline_on_a_score_date():
    world = SimpleNamespace(as_of=SUNDAY + 100, rules=RULES)
    given = home(SUNDAY - 60, events=[event(SUNDAY + 7, "task_completion", "complete_task")] * 5)
    for target, deadline, d, found in (
        (5, FAR, SUNDAY + 7, True),
        (5, FAR, SUNDAY + 6, False),
        (6, FAR, SUNDAY + 60, False),
        (5, SUNDAY + 6, SUNDAY + 60, False),
    ):
        one = Criterion("tasks_30", None, Fraction(target), SUNDAY, deadline)
        assert opportunity_signals.is_achieved(one, given, d, world) is found
    nobody = Criterion("minutes_saved", Fraction(0), Fraction(1), SUNDAY, FAR)
    assert not opportunity_signals.is_achieved(nobody, given, SUNDAY + 60, world)
