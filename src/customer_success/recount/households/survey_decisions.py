"""Whom to ask which survey on which day, and why not: the rules of the surveys, household by household."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import desk
from .billing_tables import plan_move
from .facts import Home, within
from .rules import Rules
from .values import day_number
from .voice_facts import Invitation, Voice
from .windows import members_at, ticket_at

TIERS = ("advanced", "premium")
SENT = ("sent", "delivered")  # of a receipt: the survey went out


class Trigger(NamedTuple):
    """A row of seed survey_triggers; of what it does not need 0."""

    name: str
    priority: int
    kind: str
    delay: int
    every: int
    active_days: int
    least_features: int
    asks_leavers: bool

    def due(self, day: int, subject: str | None = None) -> Due:
        """Return its occurrence after something that happened on a day."""
        return Due(self.name, day + self.delay, subject, self.kind, self.priority)


class Due(NamedTuple):
    """An occurrence: a survey that falls due for a household."""

    trigger: str
    due_on: int
    subject: str | None
    kind: str
    priority: int

    @property
    def order(self) -> tuple:
        return (self.priority, self.due_on, self.subject or "")


def triggers(rules: Rules) -> dict[str, Trigger]:
    """Return the triggers of surveys by name."""
    numbers = ("delay_days", "every_days", "active_days", "least_features")
    return {
        row["trigger"]: Trigger(
            row["trigger"],
            int(row["priority"]),
            row["survey_type"],
            *(int(row[name] or 0) for name in numbers),
            row["asks_leavers"] == "true",
        )
        for row in rules.rows("voice/survey_triggers")
    }


class Decision(NamedTuple):
    """What is decided for an occurrence, who is asked, and the invitation that served it."""

    due: Due
    decision: str
    user: str | None
    served_by: Invitation | None = None


def first_uses(home: Home) -> dict[str, int]:
    """Return the day on which each advanced or premium feature was first used."""
    found: dict[str, int] = {}
    for event in home.events:
        if home.rules.feature_tiers.get(event.feature) in TIERS:
            found[event.feature] = min(event.day, found.get(event.feature, event.day))
    return found


def solvings(home: Home) -> Iterator[tuple[str, int]]:
    """Yield each ticket with each day on which it was solved, or solved again, until it is merged."""
    for ticket in home.tickets:
        course: list = []
        for moment, value in sorted(ticket.statuses):
            before = desk.status_course(course, "new")[1]
            course.append((moment, value))
            after = desk.status_course(course, "new")[1]
            day = day_number(moment)
            if after is not None and before is None and not ticket_at(home, ticket, day).is_merged:
                yield ticket.id, day


def _quarters(home: Home, voice: Voice, d: int) -> Iterator[int]:
    """Yield the days on which it falls due after signup, an NPS answer or an NPS invitation."""
    asked = {day_number(reply.at) for reply in voice.replies if reply.kind == "NPS"}
    asked |= {one.day for one in _asked(voice, d) if one.kind == "NPS"}
    trigger = triggers(home.rules)["quarterly"]
    anchors = sorted({home.signup, *(day for day in asked if day > home.signup)})
    for anchor, following in zip(anchors, [*anchors[1:], d + 1], strict=True):
        last = min(following, d)
        yield from range(anchor + trigger.delay, last + 1, trigger.every)


def _asked(voice: Voice, d: int) -> list[Invitation]:
    """List the invitations and the receipts of surveys; a receipt beside its invitation counts once."""
    known = {(one.kind, one.day) for one in voice.invitations}
    receipts = {(s.survey, s.day) for s in voice.steps if s.survey and s.status in SENT} - known
    every = [*voice.invitations, *(Invitation(None, kind, day) for kind, day in receipts)]
    return sorted((one for one in every if one.day <= d), key=lambda one: (one.day, one.id or ""))


def occurrences(home: Home, voice: Voice, d: int) -> list[Due]:
    """List what fell due in the days shown up to d; after the day of a churn nothing but exit."""
    if home.never:
        return []
    of = triggers(home.rules)
    yearly = range(home.signup + of["yearly"].delay, d + 1, of["yearly"].every)
    moves = [(day, plan_move(before, after, home.rules)) for day, before, after in home.line.changes()]
    found = {of["exit"].due(day) for day, move in moves if move < 0}
    found |= {of["exit"].due(spell.churned) for spell in home.spells}
    found |= {of["ticket_solved"].due(day, ticket) for ticket, day in solvings(home)}
    found.add(of["onboarding"].due(home.signup))
    found |= {of["post_upgrade"].due(day) for day, move in moves if move > 0}
    found |= {of["feature_first_use"].due(day, feature) for feature, day in first_uses(home).items()}
    for name, days in {"quarterly": _quarters(home, voice, d), "yearly": yearly}.items():
        found |= {Due(name, day, None, of[name].kind, of[name].priority) for day in days}
    shown = [one for one in found if within(one.due_on, d, home.rules.whole("survey_days"))]
    churns = {spell.churned for spell in home.spells}
    kept = [
        one
        for one in shown
        if of[one.trigger].asks_leavers or one.due_on in churns or home.is_customer(one.due_on)
    ]
    return sorted(kept, key=lambda one: one.order)


def served(due: list[Due], voice: Voice, d: int, late: int) -> dict[Due, Invitation]:
    """Pair invitations with occurrences: each serves the one of highest priority, then the nearest.

    An invitation may come ``late`` days after an occurrence fell due.
    """
    found: dict[Due, Invitation] = {}
    for invitation in _asked(voice, d):
        near = [
            one
            for one in due
            if one not in found
            and one.kind == invitation.kind
            and one.due_on <= invitation.day <= one.due_on + late
        ]
        if near:
            best = min(near, key=lambda one: (one.priority, -one.due_on, one.subject or ""))
            found[best] = invitation
    return found


def decisions(home: Home, voice: Voice, d: int) -> list[Decision]:
    """Decide every occurrence, those of highest priority first."""
    due, of = occurrences(home, voice, d), triggers(home.rules)
    sent, chosen, out = served(due, voice, d, home.rules.whole("survey_send_days")), False, []
    for one in due:
        decision = "already_sent" if one in sent else _decided(one, of[one.trigger], home, voice, d)
        if decision == "send":
            decision, chosen = ("outranked" if chosen else "send"), True
        out.append(Decision(one, decision, _person(one, home, voice), sent.get(one)))
    return out


def _decided(one: Due, trigger: Trigger, home: Home, voice: Voice, d: int) -> str:
    if not trigger.asks_leavers and not home.is_customer(one.due_on):
        return "not_a_customer"
    if not _is_meant(one, trigger, home):
        return "not_in_audience"
    if _too_soon(one, home, voice):
        return "too_soon"
    return "missed" if one.due_on < d - home.rules.whole("survey_send_days") else "send"


def _is_meant(one: Due, trigger: Trigger, home: Home) -> bool:
    if trigger.least_features:
        used = {e.feature for e in home.events_in(one.due_on, home.rules.whole("survey_feature_days"))}
        tiers = home.rules.feature_tiers
        return sum(tiers.get(feature) in TIERS for feature in used) >= trigger.least_features
    return not trigger.active_days or bool(home.events_in(one.due_on, trigger.active_days))


def _too_soon(one: Due, home: Home, voice: Voice) -> bool:
    rest = home.rules.whole("survey_any_days")
    if any(within(sent.day, one.due_on, rest) for sent in voice.invitations):
        return True
    if one.kind != "NPS":
        return False
    days = [sent.day for sent in voice.invitations if sent.kind == "NPS"]
    days += [day_number(reply.at) for reply in voice.replies if reply.kind == "NPS"]
    return any(within(day, one.due_on, home.rules.whole("survey_nps_days")) for day in days)


def _person(one: Due, home: Home, voice: Voice) -> str | None:
    """Return who is asked: the requester of the ticket, else the owner, as long as they are members."""
    there = members_at(home, one.due_on)
    asked = voice.requesters.get(one.subject) if one.trigger == "ticket_solved" else None
    return next((user for user in (asked, voice.owner) if user in there), None)
