"""Closed loops: each answer or review that asks for a reply, and whether a person replied in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from .facts import Home
from .rules import Rules
from .values import day_number, stamp
from .voice_facts import Voice

RESOLUTION = "resolution"
HOUR = pd.Timedelta(hours=1)
RED = {"open", "overdue"}


class Loop(NamedTuple):
    """A loop as known at the end of a day."""

    kind: str
    origin: str
    origin_id: str
    score: int
    opened_at: pd.Timestamp
    due_at: pd.Timestamp
    followed_up_at: pd.Timestamp | None
    hours_to_follow_up: float | None
    status: str


def kind_of(origin: str, score: int | None, rules: Rules) -> tuple[str, pd.Timedelta] | None:
    """Return which loop an answer or review opens, and when it is due; None for none."""
    for row in rules.rows("voice/feedback_loop_rules") if score is not None else ():
        if row["origin"] == origin and int(row["min_score"]) <= score <= int(row["max_score"]):
            return row["kind"], pd.Timedelta(hours=int(row["due_hours"]))
    return None


def contacts(home: Home, voice: Voice) -> list[pd.Timestamp]:
    """List the personal contacts with a household: calls and meetings held, outreach sent, and the rest."""
    held = {("call", "held"), ("meeting", "held"), ("outreach", "sent")}
    of_crm = [touch.at for touch in home.touches if (touch.kind, touch.event) in held]
    return sorted([*of_crm, *voice.contacts])


def loops(home: Home, voice: Voice, d: int) -> Iterator[Loop]:
    """Yield the loops of a household as known at the end of day d."""
    end, reached = stamp(d + 1), contacts(home, voice)
    opened = [
        (reply.kind.lower(), reply.id, reply.score, reply.at)
        for reply in voice.replies
        if reply.kind in ("NPS", "CSAT")
    ]
    opened += [("review", review.id, review.rating, review.at) for review in voice.reviews]
    for origin, name, score, at in opened:
        opens = kind_of(origin, score, home.rules)
        if opens is None or at >= end:
            continue
        kind, wait = opens
        gone = _lapses_at(home, at)
        answered = next((moment for moment in reached if at < moment < min(end, gone)), None)
        due = at + wait
        hours = None if answered is None else (answered - at) / HOUR
        status = _status(answered, due, gone, end, is_visible=voice.is_visible)
        yield Loop(kind, origin, name, int(score), at, due, answered, hours, status)


def _lapses_at(home: Home, opened: pd.Timestamp) -> pd.Timestamp:
    """Return the first moment at which a loop is lapsed: after so many days, or with a churn before that."""
    churns = [stamp(spell.churned + 1) for spell in home.spells if spell.churned >= day_number(opened)]
    return min([opened + pd.Timedelta(days=home.rules.whole("loop_lapse_days")), *churns])


def _status(
    answered: pd.Timestamp | None, due: pd.Timestamp, gone: pd.Timestamp, end: pd.Timestamp, *, is_visible
) -> str:
    if answered is not None:
        return "on_time" if answered <= due else "late"
    if not is_visible:
        return "unobservable"
    if gone <= end:
        return "lapsed"
    return "open" if due >= end else "overdue"


def is_red_alert(home: Home, voice: Voice, d: int) -> bool:
    """Return whether a resolution loop is open or overdue."""
    return any(loop.kind == RESOLUTION and loop.status in RED for loop in loops(home, voice, d))
