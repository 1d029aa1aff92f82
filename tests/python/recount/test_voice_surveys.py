"""Survey decisions by hand: what falls due, and the first reason that holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from customer_success.recount.households.survey_decisions import (
    Due,
    decisions,
    occurrences,
    served,
    triggers,
)
from customer_success.recount.households.values import FAR
from customer_success.recount.households.voice_facts import Invitation, Reply, Voice
from recount.voice_company import DAY, FREE, RULES, at, churn, event, home, paying, ticket

TOLD = ("recurring_tasks", "reminders", "photo_uploads")


def voice(**facts) -> Voice:
    return Voice(owner="owner", **facts)


def due_of(trigger: str, given, last: int, told: Voice | None = None) -> list:
    return [one.due_on for one in occurrences(given, told or voice(), last) if one.trigger == trigger]


def decided(trigger: str, given, last: int, told: Voice | None = None) -> list[str]:
    return [one.decision for one in decisions(given, told or voice(), last) if one.due.trigger == trigger]


def test_what_falls_due_on_which_day():
    upgraded = home(DAY, (DAY + 40, paying()), (DAY + 100, FREE), spells=[churn(DAY + 200)])
    assert due_of("onboarding", upgraded, DAY + 300) == [DAY + 30]
    assert due_of("post_upgrade", upgraded, DAY + 300) == [DAY + 70]
    assert due_of("exit", upgraded, DAY + 300) == [DAY + 100, DAY + 200]


def test_only_the_400_days_are_shown():
    assert due_of("onboarding", home(), DAY + 429) == [DAY + 30]
    assert due_of("onboarding", home(), DAY + 430) == []


def test_after_a_churn_nothing_but_exit():
    gone = home(spells=[churn(DAY + 29)])
    assert due_of("onboarding", gone, DAY + 60) == []
    assert due_of("exit", gone, DAY + 60) == [DAY + 29]


def test_on_the_day_of_the_churn_it_is_no_customer():
    assert decided("onboarding", home(spells=[churn(DAY + 30)]), DAY + 30) == ["not_a_customer"]
    assert decided("onboarding", home(spells=[churn(DAY + 31)]), DAY + 30) == ["send"]


def test_closed_on_the_day_of_signup_is_never_asked():
    given = home(spells=[churn(DAY)])
    given.never = True
    assert occurrences(given, voice(), DAY + 60) == []


def test_the_quarters_count_from_the_latest_nps():
    asked = voice(invitations=[Invitation("i", "NPS", DAY + 92)])
    assert due_of("quarterly", home(), DAY + 270) == [DAY + 90, DAY + 180, DAY + 270]
    assert due_of("quarterly", home(), DAY + 270, asked) == [DAY + 90, DAY + 182]
    other = voice(invitations=[Invitation("i", "CSAT", DAY + 92)])
    assert due_of("quarterly", home(), DAY + 180, other) == [DAY + 90, DAY + 180]


def test_a_ticket_asks_each_time_it_is_solved():
    given = home(tickets=[ticket("t", DAY, (DAY + 1, "solved"), (DAY + 2, "open"), (DAY + 3, "solved"))])
    assert due_of("ticket_solved", given, DAY + 9) == [DAY + 1, DAY + 3]
    closed = home(tickets=[ticket("t", DAY, (DAY + 1, "solved"), (DAY + 5, "closed"))])
    assert due_of("ticket_solved", closed, DAY + 9) == [DAY + 1]


def test_sent_within_seven_days():
    for later, decision in ((0, "already_sent"), (7, "already_sent"), (8, "missed"), (-1, "too_soon")):
        told = voice(invitations=[Invitation("i", "NPS", DAY + 30 + later)])
        assert decided("onboarding", home(), DAY + 60, told) == [decision]


def test_missed_after_seven_days():
    assert decided("onboarding", home(), DAY + 37) == ["send"]
    assert decided("onboarding", home(), DAY + 38) == ["missed"]


def test_too_soon_by_any_survey_in_14_days():
    for back, decision in ((13, "too_soon"), (14, "send"), (0, "too_soon")):
        told = voice(invitations=[Invitation("i", "Product", DAY + 30 - back)])
        assert decided("onboarding", home(), DAY + 30, told) == [decision]


@pytest.mark.parametrize(("back", "decision"), [(89, "too_soon"), (90, "send")])
def test_too_soon_by_an_nps_answer_in_90_days(back, decision):
    told = voice(replies=[Reply("r", "NPS", at(DAY + 140 - back), Fraction(9), None, None, None)])
    given = home(DAY, (DAY + 110, paying()))
    assert decided("post_upgrade", given, DAY + 140, told)[0] == decision


def test_only_early_adopters_are_asked_about_features():
    many = [event(DAY + day, "feature_used", name) for day, name in enumerate(TOLD)]
    assert decided("feature_first_use", home(events=many), DAY + 9) == ["send", "outranked", "outranked"]
    assert decided("feature_first_use", home(events=many[:2]), DAY + 9) == ["not_in_audience"] * 2
    late = [*many[:2], event(DAY + 97, "feature_used", TOLD[2])]
    assert decided("feature_first_use", home(events=late), DAY + 104)[-1] == "not_in_audience"


def test_quarters_ask_only_the_active():
    for back, decision in ((29, "send"), (30, "not_in_audience")):
        given = home(events=[event(DAY + 90 - back)])
        assert decided("quarterly", given, DAY + 90) == [decision]


def test_the_higher_priority_outranks():
    given = home(tickets=[ticket("t", DAY + 28, (DAY + 29.5, "solved"))])
    found = {one.due.trigger: one.decision for one in decisions(given, voice(), DAY + 30)}
    assert found == {"ticket_solved": "send", "onboarding": "outranked"}


def due(trigger, day, subject=None):
    of = triggers(RULES)[trigger]
    return Due(trigger, day, subject, of.kind, of.priority)


def test_one_invitation_serves_the_highest_priority_then_the_nearest():
    told = voice(invitations=[Invitation("i", "NPS", DAY + 95)])
    both = [due("post_upgrade", DAY + 90), due("quarterly", DAY + 94)]
    assert list(served(both, told, DAY + 99, 7)) == [both[0]]
    near = [due("ticket_solved", DAY + 90, "a"), due("ticket_solved", DAY + 94, "b")]
    told = voice(invitations=[Invitation("i", "CSAT", DAY + 95)])
    assert list(served(near, told, DAY + 99, 7)) == [near[1]]


def test_the_requester_is_asked_and_one_who_left_never():
    told = voice(requesters={"t": "guest"})
    given = home(tickets=[ticket("t", DAY, (DAY + 1, "solved"))])
    given.members.append(("guest", DAY, FAR))
    assert decisions(given, told, DAY + 1)[0].user == "guest"
    given.members[-1] = ("guest", DAY, DAY + 1)
    assert decisions(given, told, DAY + 1)[0].user == "owner"
    given.members[0] = ("owner", DAY, DAY + 1)
    assert decisions(given, told, DAY + 1)[0].user is None
