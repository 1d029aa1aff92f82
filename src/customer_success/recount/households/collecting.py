"""Collects the valid raw rows by household."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction as F

import pandas as pd

from . import activity, billing, churn, engagements, growth, messages, staff
from .billing import Timeline
from .facts import Answer, Contact, Event, Home, Session, Task, Ticket, World
from .loading import Raw
from .rules import Rules
from .sifting import Staged
from .staging import default_as_of, stage
from .values import FAR, day_number, day_numbers

Homes = dict[str, Home]


def load_world(
    raw: Raw,
    as_of_date=None,
    chosen: Callable[[Staged, dict], Iterable[str]] | None = None,
    languages: Mapping[str, str] | None = None,
    rules: Rules | None = None,
) -> World:
    """Classify all raw rows, then collect those of the chosen households (left out: of all).

    `languages` has the language of messages; others are English. Rules that
    are left out are those in force.
    """
    rules = rules or Rules.read()
    as_of = default_as_of(raw) if as_of_date is None else day_number(pd.Timestamp(as_of_date))
    staged = stage(raw, as_of, rules)
    lines = billing.timelines(staged)
    ids = list(staged["app.households"]["id"]) if chosen is None else list(chosen(staged, lines))
    homes = collect(staged, lines, set(ids), languages or {})
    return World(as_of, rules, lines, homes, growth.seen(staged))


def collect(
    staged: Staged, lines: dict[str, Timeline], wanted: set[str], languages: Mapping[str, str]
) -> Homes:
    """Collect the valid rows by household."""
    homes: Homes = {}
    closings: dict[str, int] = {}
    absent = frozenset(f"{source}.{table}" for source, table in staged.raw.absent)
    for row in staged["app.households"].itertuples(index=False):
        if row.id in wanted:
            line = lines[row.id]
            signup = min(day_number(row.created_at), line.first_day)
            home = Home(row.id, signup, line, staged.rules, absent)
            closings[row.id] = FAR if pd.isna(row.closed_at) else day_number(row.closed_at)
            home.never = closings[row.id] <= home.signup
            homes[row.id] = home
    _use(staged, homes)
    _belongings(staged, homes)
    _relations(staged, homes)
    _desk(staged, homes)
    growth.collect(staged, homes, lines)
    for message in messages.read(staged, set(homes), languages):
        home = homes[message.household]
        home.messages.append(message)
        if message.compound is not None:
            home.sentiments.append((message.day, message.compound, message.channel))
        if message.channel == "ticket":
            home.contacts_made.append(message.day)
    for home in homes.values():
        home.events.sort(key=lambda e: e.day)
        home.sessions.sort(key=lambda s: s.day)
        home.settings.sort(key=lambda s: s[:2])
        home.touches.sort(key=lambda t: (t.at, t.event != "sent", t.id))
        home.answers.sort(key=lambda a: (a.at, a.id))
        active = {e.day for e in home.events} if staged.has("product.events") else None
        home.spells = churn.spells_of(home.id, home.signup, closings[home.id], active, home.line, staged)
    return homes


def _rows(staged: Staged, name: str, wanted: Iterable[str]) -> pd.DataFrame:
    frame = staged[name]
    return frame[frame["household_id"].isin(set(wanted))]


def _use(staged: Staged, homes: Homes) -> None:
    """Members, their events and sessions."""
    wanted = set(homes)
    people = activity.members(staged)
    people = people[people["household_id"].isin(wanted)]
    for row in people.itertuples(index=False):
        homes[row.household_id].members.append((row.user_id, row.joined_day, row.left_day))

    every = activity.events(staged)
    every = every[every["household_id"].isin(wanted)].reset_index(drop=True)
    member, sessions = activity.with_sessions(activity.member_events(every, people), staged)
    member["hour"] = member["event_at"].dt.hour
    columns = ["household_id", "event_day", "user_id", "event", "feature_name", "pet_id", "hour"]
    for home, *rest in zip(*(member[column].tolist() for column in columns), strict=True):
        homes[home].events.append(Event(*rest))
    columns = ["household_id", "login_day", "user_id", "login_at", "logout_at", "event_count"]
    for home, day, user, begun, ended, count in zip(*(sessions[c].tolist() for c in columns), strict=True):
        microseconds = (ended - begun) // pd.Timedelta(microseconds=1)
        homes[home].sessions.append(Session(day, user, F(microseconds, 60_000_000), count))


def _belongings(staged: Staged, homes: Homes) -> None:
    """Pets, settings and tasks."""
    for row in _rows(staged, "app.pets", homes).itertuples(index=False):
        removed = FAR if pd.isna(row.removed_at) else day_number(row.removed_at)
        homes[row.household_id].pets.append((row.id, day_number(row.added_at), removed))
    for row in _rows(staged, "app.feature_settings", homes).itertuples(index=False):
        homes[row.household_id].settings.append(
            (row.changed_at, row.id, day_number(row.changed_at), row.feature_name, bool(row.is_enabled))
        )

    tasks = _rows(staged, "app.tasks", homes)
    values = [tasks["household_id"], tasks["category"], tasks["is_recurring"] == True]  # noqa: E712
    for name in ("created_at", "due_at", "completed_at", "deleted_at"):
        values.append(day_numbers(tasks[name], FAR))
    values.append(tasks["completed_at"] <= tasks["due_at"])
    columns = (column.tolist() for column in values)
    for home, category, recurring, created, due, done, deleted, in_time in zip(*columns, strict=True):
        homes[home].tasks.append(Task(category, recurring, created, due, in_time, done, deleted))


def _relations(staged: Staged, homes: Homes) -> None:
    """Answers, charges, check-ins, contacts and messages to them."""
    for row in _rows(staged, "survey.response", homes).itertuples(index=False):
        homes[row.household_id].contacts_made.append(day_number(row.responded_at))
        if row.survey_type in ("NPS", "CSAT"):
            score = None if row.score != row.score else F(row.score)
            day = day_number(row.responded_at)
            answer = Answer(row.responded_at, day, row.id, row.survey_type, score, row.ticket_id)
            homes[row.household_id].answers.append(answer)
    for row in _rows(staged, "stripe.charge", homes).itertuples(index=False):
        homes[row.household_id].charges.append((day_number(row.created), row.status))
    for row in _rows(staged, "cs.check_ins", homes).itertuples(index=False):
        homes[row.household_id].check_ins.append(day_number(row.check_in_at))
    for row in _rows(staged, "hubspot.contact", homes).itertuples(index=False):
        left = FAR if pd.isna(row.left_at) else day_number(row.left_at)
        contact = Contact(row.id, row.buying_role, day_number(row.created_at), left)
        homes[row.household_id].contacts.append(contact)
    for household, touch in engagements.touches(staged):
        if household in homes:
            homes[household].touches.append(touch)


def _desk(staged: Staged, homes: Homes) -> None:
    """Tickets with the course of their status and tags."""
    tagged, listed = staged.has("zendesk.ticket_tag"), staff.merged_into_others(staged)
    later = staged.later["zendesk", "ticket_field_history"]
    later = set(later["ticket_id"][later["field_name"] == "priority"])
    tickets: dict[str, Ticket] = {}
    for row in _rows(staged, "zendesk.ticket", homes).itertuples(index=False):
        own = None if row.id in later else row.priority
        course = (row.created_at, day_number(row.created_at), row.status)
        ticket = Ticket(row.id, *course, [], [], [], tagged, [], own, row.id in listed)
        tickets[row.id] = ticket
        homes[row.household_id].tickets.append(ticket)
    for row in staged["zendesk.ticket_field_history"].itertuples(index=False):
        if row.ticket_id in tickets and row.field_name == "status":
            tickets[row.ticket_id].statuses.append((row.updated, row.value))
        if row.ticket_id in tickets and row.field_name == "tags":
            tickets[row.ticket_id].tags.append((row.updated, row.value or ""))
        if row.ticket_id in tickets and row.field_name == "priority":
            tickets[row.ticket_id].priorities.append((row.updated, row.value))
    for row in staged["zendesk.ticket_tag"].itertuples(index=False):
        if row.ticket_id in tickets:
            tickets[row.ticket_id].plain_tags.append(row.tag)
