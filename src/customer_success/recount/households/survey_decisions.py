"""Whom to ask which survey on which day, and why not: the rules of the surveys, household by household."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import churn_risk, desk
from .facts import Home, within
from .values import day_number
from .voice_facts import Invitation, Voice
from .windows import members_at, ticket_at

SHOWN_DAYS = 400
LATE_DAYS = 7  # a survey may be sent so many days after it fell due
REST_DAYS, NPS_REST_DAYS = 14, 90
ACTIVE_DAYS = 30
EARLY_FEATURES, EARLY_DAYS = 3, 90
TIERS = ("advanced", "premium")
# Triggers by priority, with their survey.
SURVEYS = {
    "exit": "Exit",
    "ticket_solved": "CSAT",
    "onboarding": "NPS",
    "post_upgrade": "NPS",
    "feature_first_use": "Feature",
    "quarterly": "NPS",
    "yearly": "Product",
}
PRIORITY = {trigger: place for place, trigger in enumerate(SURVEYS)}


class Due(NamedTuple):
    """An occurrence: a survey that falls due for a household."""

    trigger: str
    due_on: int
    subject: str | None = None

    @property
    def kind(self) -> str:
        return SURVEYS[self.trigger]

    @property
    def order(self) -> tuple:
        return (PRIORITY[self.trigger], self.due_on, self.subject or "")


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


def _upgrades(home: Home) -> Iterator[int]:
    rank = home.rules.rank
    for day, before, after in home.line.changes():
        kind = churn_risk.billing_tables.change_type(before, after, home.rules)
        if kind and "_to_" in kind and rank(after.plan) > rank(before.plan):
            yield day


def _downgrades(home: Home) -> Iterator[int]:
    rank = home.rules.rank
    for day, before, after in home.line.changes():
        kind = churn_risk.billing_tables.change_type(before, after, home.rules)
        if kind and "_to_" in kind and rank(after.plan) < rank(before.plan):
            yield day


def solvings(home: Home, d: int) -> Iterator[tuple[str, int]]:
    """Yield each ticket with each day on which it was solved, or solved again."""
    for ticket in home.tickets:
        if ticket_at(home, ticket, d).is_merged:
            continue
        course: list = []
        for moment, value in sorted(ticket.statuses):
            before = desk.status_course(course, "new")[1]
            course.append((moment, value))
            after = desk.status_course(course, "new")[1]
            if after is not None and before is None:
                yield ticket.id, day_number(moment)


def _quarters(home: Home, voice: Voice, d: int) -> Iterator[int]:
    """Yield days 90, 180, ... after signup or an NPS answer or invitation, until the next of those."""
    asked = {day_number(reply.at) for reply in voice.replies if reply.kind == "NPS"}
    asked |= {one.day for one in _asked(voice, d) if one.kind == "NPS"}
    anchors = sorted({home.signup, *(day for day in asked if day > home.signup)})
    for anchor, following in zip(anchors, [*anchors[1:], d + 1], strict=True):
        last = min(following, d)
        yield from range(anchor + 90, last + 1, 90)


def _asked(voice: Voice, d: int) -> list[Invitation]:
    """List the invitations and the receipts of surveys; a receipt beside its invitation counts once."""
    known = {(one.kind, one.day) for one in voice.invitations}
    receipts = {(s.survey, s.day) for s in voice.steps if s.survey} - known
    every = [*voice.invitations, *(Invitation(None, kind, day) for kind, day in receipts)]
    return sorted((one for one in every if one.day <= d), key=lambda one: (one.day, one.id or ""))


def occurrences(home: Home, voice: Voice, d: int) -> list[Due]:
    """List what fell due in the 400 days up to d; after the day of a churn nothing but exit."""
    if home.never:
        return []
    found = {Due("exit", day) for day in _downgrades(home)}
    found |= {Due("exit", spell.churned) for spell in home.spells}
    found |= {Due("ticket_solved", day, ticket) for ticket, day in solvings(home, d)}
    found.add(Due("onboarding", home.signup + 30))
    found |= {Due("post_upgrade", day + 30) for day in _upgrades(home)}
    found |= {Due("feature_first_use", day + 7, feature) for feature, day in first_uses(home).items()}
    found |= {Due("quarterly", day) for day in _quarters(home, voice, d)}
    found |= {Due("yearly", day) for day in range(home.signup + 365, d + 1, 365)}
    shown = [one for one in found if within(one.due_on, d, SHOWN_DAYS)]
    churns = {spell.churned for spell in home.spells}
    kept = [
        one for one in shown if one.trigger == "exit" or one.due_on in churns or home.is_customer(one.due_on)
    ]
    return sorted(kept, key=lambda one: one.order)


def served(due: list[Due], voice: Voice, d: int) -> dict[Due, Invitation]:
    """Pair invitations with occurrences: each serves the one of highest priority, then the nearest."""
    found: dict[Due, Invitation] = {}
    for invitation in _asked(voice, d):
        near = [
            one
            for one in due
            if one not in found
            and one.kind == invitation.kind
            and one.due_on <= invitation.day <= one.due_on + LATE_DAYS
        ]
        if near:
            best = min(near, key=lambda one: (PRIORITY[one.trigger], -one.due_on, one.subject or ""))
            found[best] = invitation
    return found


def decisions(home: Home, voice: Voice, d: int) -> list[Decision]:
    """Decide every occurrence, those of highest priority first."""
    due = occurrences(home, voice, d)
    sent, chosen, out = served(due, voice, d), False, []
    for one in due:
        decision = "already_sent" if one in sent else _decided(one, home, voice, d)
        if decision == "send":
            decision, chosen = ("outranked" if chosen else "send"), True
        out.append(Decision(one, decision, _person(one, home, voice), sent.get(one)))
    return out


def _decided(one: Due, home: Home, voice: Voice, d: int) -> str:
    if one.trigger != "exit" and not home.is_customer(one.due_on):
        return "not_a_customer"
    if not _is_meant(one, home):
        return "not_in_audience"
    if _too_soon(one, voice):
        return "too_soon"
    return "missed" if one.due_on < d - LATE_DAYS else "send"


def _is_meant(one: Due, home: Home) -> bool:
    if one.trigger == "feature_first_use":
        used = {e.feature for e in home.events_in(one.due_on, EARLY_DAYS)}
        tiers = home.rules.feature_tiers
        return sum(tiers.get(feature) in TIERS for feature in used) >= EARLY_FEATURES
    if one.trigger in ("quarterly", "yearly"):
        return bool(home.events_in(one.due_on, ACTIVE_DAYS))
    return True


def _too_soon(one: Due, voice: Voice) -> bool:
    if any(within(sent.day, one.due_on, REST_DAYS) for sent in voice.invitations):
        return True
    if one.kind != "NPS":
        return False
    days = [sent.day for sent in voice.invitations if sent.kind == "NPS"]
    days += [day_number(reply.at) for reply in voice.replies if reply.kind == "NPS"]
    return any(within(day, one.due_on, NPS_REST_DAYS) for day in days)


def _person(one: Due, home: Home, voice: Voice) -> str | None:
    """Return who is asked: the requester of the ticket, else the owner, as long as they are members."""
    there = members_at(home, one.due_on)
    asked = voice.requesters.get(one.subject) if one.trigger == "ticket_solved" else None
    return next((user for user in (asked, voice.owner) if user in there), None)
