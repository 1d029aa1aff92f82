"""Closed loops by hand, on both sides of each edge."""

from __future__ import annotations

from fractions import Fraction

import pytest

from customer_success.recount.households.facts import Touch
from customer_success.recount.households.loops import is_red_alert, kind_of, loops
from customer_success.recount.households.voice_facts import Reply, Review, Voice
from recount.voice_company import DAY, RULES, at, churn, home

SECOND = 1 / 86_400


@pytest.mark.parametrize(
    ("origin", "score", "kind"),
    [
        ("nps", 6, "resolution"),
        ("nps", 7, None),
        ("nps", 8, None),
        ("nps", 9, "champion"),
        ("nps", None, None),
        ("csat", 2, "resolution"),
        ("csat", 3, None),
        ("csat", 5, None),
        ("review", 2, "resolution"),
        ("review", 3, None),
        ("review", 4, "champion"),
    ],
)
def test_which_answers_open_a_loop(origin, score, kind):
    opens = kind_of(origin, score, RULES)
    assert (opens and opens[0]) == kind


def status(contact: float | None = None, last: int = DAY + 200, *, score=3, visible=True, spells=()):
    """Return the status of the loop of an NPS answer at the start of a day, with a contact so much later."""
    voice = Voice(is_visible=visible, replies=[Reply("r", "NPS", at(DAY), Fraction(score), None, None, None)])
    if contact is not None:
        voice.contacts.append(at(DAY + contact))
    (found,) = loops(home(spells=list(spells)), voice, last)
    return found


def test_a_resolution_is_due_in_a_day():
    assert status(1).status == "on_time"
    assert status(1 + SECOND).status == "late"
    assert status(0.5).hours_to_follow_up == pytest.approx(12)


def test_a_champion_is_due_in_seven_days():
    assert status(7, score=9).status == "on_time"
    assert status(7 + SECOND, score=9).status == "late"


def test_a_contact_of_the_same_moment_is_not_after_it():
    assert status(0, DAY).status == "open"


def test_open_until_it_is_due():
    assert status(last=DAY).status == "open"  # due at the very end of the day: not over by then
    assert status(last=DAY + 1).status == "overdue"


def test_it_lapses_after_90_days():
    assert status(last=DAY + 88).status == "overdue"
    assert status(last=DAY + 89).status == "lapsed"
    assert status(90 - SECOND).status == "late"
    assert status(90).status == "lapsed" and status(90).followed_up_at is None


def test_it_lapses_with_a_churn_that_comes_first():
    gone = [churn(DAY + 10)]
    assert status(last=DAY + 9, spells=gone).status == "overdue"
    assert status(last=DAY + 10, spells=gone).status == "lapsed"
    assert status(10.5, spells=gone).status == "late"
    assert status(11, spells=gone).status == "lapsed"


def test_an_answer_of_somebody_who_had_churned_before_does_not_lapse_with_that():
    assert status(last=DAY + 5, spells=[churn(DAY - 3)]).status == "overdue"


def test_unobservable_only_where_no_follow_up_was_seen():
    assert status(visible=False).status == "unobservable"
    assert status(0.5, visible=False).status == "on_time"


def test_what_is_known_later_is_not_known_yet():
    assert status(3, DAY + 2).status == "overdue"


def test_calls_meetings_and_outreach_are_contacts_and_mails_are_none():
    voice = Voice(is_visible=True, replies=[Reply("r", "NPS", at(DAY), Fraction(3), None, None, None)])
    for kind, event, found in (
        ("call", "held", "on_time"),
        ("meeting", "held", "on_time"),
        ("meeting", "invited", "lapsed"),
        ("outreach", "sent", "on_time"),
        ("outreach", "replied", "lapsed"),
        ("email", "sent", "lapsed"),
    ):
        given = home(touches=[Touch(at(DAY + 0.5), "t", DAY, kind, event, None, None)])
        assert next(loops(given, voice, DAY + 100)).status == found


def test_a_red_alert_is_a_resolution_that_is_open_or_overdue():
    voice = Voice(is_visible=True, reviews=[Review("v", "app_store", at(DAY), 1)])
    assert is_red_alert(home(), voice, DAY) and is_red_alert(home(), voice, DAY + 5)
    assert not is_red_alert(home(), voice, DAY + 95)
    voice.is_visible = False
    assert not is_red_alert(home(), voice, DAY)
    praise = Voice(is_visible=True, reviews=[Review("v", "app_store", at(DAY), 5)])
    assert not is_red_alert(home(), praise, DAY)
