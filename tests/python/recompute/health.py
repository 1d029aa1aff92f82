"""Health recomputed household by household and day by day, in exact fractions.

Each part is a plain function of a household and a day that reads like its sentence in the
specification. Nothing is read from the project's seeds or models: weights, bounds and bands are
typed by hand. All sources have to be there. Only the language of messages comes from outside.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from . import activity, billing, churn, desk, messages
from .billing import State, Timeline, Version
from .loading import Raw
from .rules import FAILING, IN_FORCE, SOLVED, Rules
from .staging import Staged, default_as_of, stage
from .values import EPOCH, FAR, day_number, day_numbers, stamp

Score = Fraction | None
F = Fraction
THIRD = F(1, 3)

# ------------------------------------------------------------------- the rules, typed by hand

PRIMARY = "value_v2"
HISTORY_WEEKS = 104
YOUNG_DAYS = 60
LEAST_KNOWN = F(1, 2)

WEIGHTS: dict[str, dict[str, Fraction]] = {
    "guide_v1": {
        "product_usage": F("0.40"),
        "feature_adoption": F("0.20"),
        "support_health": F("0.15"),
        "engagement": F("0.15"),
        "payment": F("0.10"),
    },
    "value_v2": {
        "product_usage": F("0.25"),
        "feature_adoption": F("0.15"),
        "support_engagement": F("0.10"),
        "engagement": F("0.10"),
        "payment": F("0.10"),
        "value_delivery": F("0.30"),
    },
    "retention_b2b": {
        "product_usage": F("0.25"),
        "engagement": F("0.20"),
        "support": F("0.15"),
        "financial": F("0.20"),
        "relationship": F("0.20"),
    },
    "graded": {
        "product_usage": F("0.30"),
        "engagement": F("0.25"),
        "support": F("0.15"),
        "relationship": F("0.15"),
        "financial": F("0.15"),
    },
}

NAMED_BANDS = ((80, "Healthy"), (60, "At Risk"), (40, "Unhealthy"), (0, "Critical"))
BANDS = {
    "guide_v1": NAMED_BANDS,
    "value_v2": NAMED_BANDS,
    "retention_b2b": NAMED_BANDS,
    "graded": ((80, "A"), (60, "B"), (40, "C"), (20, "D"), (0, "F")),
}

FREE_LIMITS = {"recurring_tasks": 5, "photos": 10, "members": 3}
INTERVAL_DAYS = {"month": 30, "year": 365, "week": 7, "day": 1}
INTERVAL_MONTHS = {"month": F(1), "year": F(12), "week": F(12, 52), "day": F(12, 365)}


# --------------------------------------------------------------------------------- raw facts


class Event(NamedTuple):
    """A product event of a member."""

    day: int
    user: str
    name: str
    feature: str | None
    pet: str | None
    hour: int = 0


class Session(NamedTuple):
    """A session of a member, on the day of its login."""

    day: int
    user: str
    minutes: Fraction
    events: int


class Ticket(NamedTuple):
    """A support ticket with the course of its status and of its tags."""

    id: str
    created: pd.Timestamp
    day: int
    status: str
    statuses: list[tuple[pd.Timestamp, str]]
    tags: list[tuple[pd.Timestamp, str]]
    plain_tags: list[str]


class Answer(NamedTuple):
    """An answer to an NPS or CSAT survey."""

    at: pd.Timestamp
    day: int
    id: str
    kind: str
    score: Fraction | None
    ticket: str | None


class Task(NamedTuple):
    """A task of the app's database."""

    category: str | None
    recurring: bool
    created: int
    due_day: int
    in_time: bool
    completed_day: int
    deleted: int


class Contact(NamedTuple):
    """A person in the CRM."""

    id: str
    role: str | None
    created: int
    left: int


class Touch(NamedTuple):
    """A row of CRM engagement."""

    at: pd.Timestamp
    id: str
    day: int
    kind: str
    event: str
    message: str | None
    contact: str | None


@dataclass
class Home:
    """All that is known about one household; days count from 1970-01-01."""

    id: str
    signup: int
    line: Timeline
    rules: Rules
    spells: list[churn.Spell] = field(default_factory=list)
    never: bool = False
    members: list[tuple[str, int, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    pets: list[tuple[str, int, int]] = field(default_factory=list)
    settings: list[tuple[pd.Timestamp, str, int, str, bool]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    charges: list[tuple[int, str]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    check_ins: list[int] = field(default_factory=list)
    messages: list[messages.Message] = field(default_factory=list)
    contacts_made: list[int] = field(default_factory=list)
    sentiments: list[tuple[int, Fraction]] = field(default_factory=list)

    def __post_init__(self):
        self.memory: dict = {}

    def events_in(self, d: int, days: int) -> list[Event]:
        """Return the events in the window of so many days at d."""
        first = bisect_left(self.events, d - days + 1, key=lambda e: e.day)
        return self.events[first : bisect_right(self.events, d, key=lambda e: e.day)]

    def sessions_in(self, d: int, days: int) -> list[Session]:
        """Return the sessions that began in the window of so many days at d."""
        first = bisect_left(self.sessions, d - days + 1, key=lambda s: s.day)
        return self.sessions[first : bisect_right(self.sessions, d, key=lambda s: s.day)]

    def is_customer(self, d: int) -> bool:
        """Say whether it signed up on or before d and is not churned at d."""
        if self.never or d < self.signup:
            return False
        return not any(s.churned <= d and (s.reactivated is None or d < s.reactivated) for s in self.spells)


class World:
    """The raw data of some households, and the subscriptions of all."""

    def __init__(self, as_of: int, rules: Rules, lines: dict[str, Timeline], homes: dict[str, Home]):
        self.as_of = as_of
        self.rules = rules
        self.lines = lines
        self.homes = homes
        self._mrr: dict[int, list] = {}

    def score_dates(self) -> list[int]:
        """Every Sunday of the last weeks, and the day of the build."""
        sunday = latest_sunday(self.as_of)
        dates = [sunday - 7 * week for week in range(HISTORY_WEEKS)]
        return sorted({*dates, self.as_of})

    def mrr_of_paying(self, d: int) -> list:
        """List the MRR of all who pay at d."""
        if d not in self._mrr:
            states = [line.at(d) for line in self.lines.values()]
            self._mrr[d] = sorted(state.mrr for state in states if state.paying)
        return self._mrr[d]


def latest_sunday(d: int) -> int:
    """Find the latest Sunday on or before d (day 3 of the epoch was the first Sunday)."""
    return d - (d - 3) % 7


def as_date(d: int) -> date:
    """Return the date of a numbered day."""
    return EPOCH + timedelta(days=d)


def within(day: int, d: int, days: int) -> bool:
    """Say whether a day lies in the window of so many days at d, d included."""
    return d - days < day <= d


# ----------------------------------------------------------------------------------- loading


def load_world(
    raw: Raw,
    as_of_date=None,
    chosen: Callable[[Staged, dict], Iterable[str]] | None = None,
    languages: Mapping[str, str] | None = None,
) -> World:
    """Judge all raw rows, then collect those of the chosen households (left out: of all).

    `languages` says which messages are in which language; one that it does not name is English.
    """
    rules = Rules()
    if raw.absent - {("meta", "dataset")}:
        raise ValueError(f"health is recomputed with all sources only, without: {sorted(raw.absent)}")
    as_of = default_as_of(raw) if as_of_date is None else day_number(pd.Timestamp(as_of_date))
    staged = stage(raw, as_of, rules)
    lines = billing.timelines(staged)
    ids = list(staged["app.households"]["id"]) if chosen is None else list(chosen(staged, lines))
    return World(as_of, rules, lines, collect(staged, lines, set(ids), languages or {}))


def _rows(staged: Staged, name: str, wanted: set[str]) -> pd.DataFrame:
    frame = staged[name]
    return frame[frame["household_id"].isin(wanted)]


def collect(
    staged: Staged, lines: dict[str, Timeline], wanted: set[str], languages: Mapping[str, str]
) -> dict[str, Home]:
    """Put the rows that hold into the households they belong to."""
    homes: dict[str, Home] = {}
    closings: dict[str, int] = {}
    for row in staged["app.households"].itertuples(index=False):
        if row.id not in wanted:
            continue
        home = Home(row.id, day_number(row.created_at), lines[row.id], staged.rules)
        closings[row.id] = FAR if pd.isna(row.closed_at) else day_number(row.closed_at)
        home.never = closings[row.id] <= home.signup
        homes[row.id] = home

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

    for row in _rows(staged, "app.pets", wanted).itertuples(index=False):
        removed = FAR if pd.isna(row.removed_at) else day_number(row.removed_at)
        homes[row.household_id].pets.append((row.id, day_number(row.added_at), removed))
    for row in _rows(staged, "app.feature_settings", wanted).itertuples(index=False):
        homes[row.household_id].settings.append(
            (row.changed_at, row.id, day_number(row.changed_at), row.feature_name, bool(row.is_enabled))
        )

    tasks = _rows(staged, "app.tasks", wanted)
    values = [tasks["household_id"], tasks["category"], tasks["is_recurring"] == True]  # noqa: E712
    for name in ("created_at", "due_at", "completed_at", "deleted_at"):
        values.append(day_numbers(tasks[name], FAR))
    values.append(tasks["completed_at"] <= tasks["due_at"])
    columns = (column.tolist() for column in values)
    for home, category, recurring, created, due, done, deleted, in_time in zip(*columns, strict=True):
        homes[home].tasks.append(Task(category, recurring, created, due, in_time, done, deleted))

    for row in _rows(staged, "survey.response", wanted).itertuples(index=False):
        homes[row.household_id].contacts_made.append(day_number(row.responded_at))
        if row.survey_type in ("NPS", "CSAT"):
            score = None if row.score != row.score else F(row.score)
            day = day_number(row.responded_at)
            answer = Answer(row.responded_at, day, row.id, row.survey_type, score, row.ticket_id)
            homes[row.household_id].answers.append(answer)
    for row in _rows(staged, "stripe.charge", wanted).itertuples(index=False):
        homes[row.household_id].charges.append((day_number(row.created), row.status))
    for row in _rows(staged, "cs.check_ins", wanted).itertuples(index=False):
        homes[row.household_id].check_ins.append(day_number(row.check_in_at))
    for row in _rows(staged, "hubspot.contact", wanted).itertuples(index=False):
        left = FAR if pd.isna(row.left_at) else day_number(row.left_at)
        contact = Contact(row.id, row.buying_role, day_number(row.created_at), left)
        homes[row.household_id].contacts.append(contact)
    for row in _rows(staged, "hubspot.engagement", wanted).itertuples(index=False):
        homes[row.household_id].touches.append(
            Touch(
                row.occurred_at,
                row.id,
                day_number(row.occurred_at),
                row.type,
                row.event,
                row.message_id,
                row.contact_id,
            )
        )

    tickets: dict[str, Ticket] = {}
    for row in _rows(staged, "zendesk.ticket", wanted).itertuples(index=False):
        ticket = Ticket(row.id, row.created_at, day_number(row.created_at), row.status, [], [], [])
        tickets[row.id] = ticket
        homes[row.household_id].tickets.append(ticket)
    for row in staged["zendesk.ticket_field_history"].itertuples(index=False):
        if row.ticket_id in tickets and row.field_name == "status":
            tickets[row.ticket_id].statuses.append((row.updated, row.value))
        if row.ticket_id in tickets and row.field_name == "tags":
            tickets[row.ticket_id].tags.append((row.updated, row.value or ""))
    for row in staged["zendesk.ticket_tag"].itertuples(index=False):
        if row.ticket_id in tickets:
            tickets[row.ticket_id].plain_tags.append(row.tag)

    for message in messages.read(staged, wanted, languages):
        home = homes[message.household]
        home.messages.append(message)
        if message.compound is not None:
            home.sentiments.append((message.day, message.compound))
        if message.channel == "ticket":
            home.contacts_made.append(message.day)

    for home in homes.values():
        home.events.sort(key=lambda e: e.day)
        home.sessions.sort(key=lambda s: s.day)
        home.settings.sort(key=lambda s: s[:2])
        home.touches.sort(key=lambda t: (t.at, t.event != "sent", t.id))
        home.answers.sort(key=lambda a: (a.at, a.id))
        home.spells = churn.spells_of(
            home.id, home.signup, closings[home.id], {e.day for e in home.events}, home.line, staged
        )
    return homes


# ------------------------------------------------------------------------- facts about a day


def members_at(home: Home, d: int) -> set[str]:
    """Who is a member at the end of d."""
    return {user for user, joined, left in home.members if joined <= d < left}


def active_members(home: Home, d: int, days: int) -> set[str]:
    """Who did anything, as a member, in the window."""
    return {event.user for event in home.events_in(d, days)}


def daily_actives(home: Home, d: int, days: int) -> int:
    """Add up the distinct active members of each day of the window."""
    return len({(event.day, event.user) for event in home.events_in(d, days)})


def count_events(home: Home, name: str, d: int, days: int) -> int:
    """Count the events of one name in the window."""
    return sum(event.name == name for event in home.events_in(d, days))


def tasks_done(home: Home, d: int, days: int) -> int:
    """Count the tasks completed in the window."""
    return count_events(home, "task_completion", d, days)


def photos_ever(home: Home, d: int) -> int:
    """Count the photos uploaded by d."""
    return count_events(home, "photo_upload", d, d + 1)


def features_used(home: Home, d: int, days: int, tier: str | None = None) -> set[str]:
    """Name the features of the catalogue (or of one tier of it) used in the window."""
    tiers = home.rules.feature_tiers
    used = {event.feature for event in home.events_in(d, days)} & set(tiers)
    return {feature for feature in used if tier is None or tiers[feature] == tier}


def features_first_used(home: Home, d: int, days: int) -> set[str]:
    """Name the features of the catalogue first used in the window."""
    return features_used(home, d, d + 1) - features_used(home, d - days, d - days + 1)


def is_enabled(home: Home, feature: str, d: int) -> bool:
    """Say what the latest setting by the end of d was; never set is off."""
    value = False
    for _, _, day, name, enabled in home.settings:
        if name == feature and day <= d:
            value = enabled
    return value


def days_since_login(home: Home, d: int) -> int | None:
    """Count the days since the last session began; None without any."""
    last = bisect_right(home.sessions, d, key=lambda s: s.day)
    return d - home.sessions[last - 1].day if last else None


def mean(values: Iterable) -> Fraction | None:
    """Average what is known; nothing known is unknown."""
    known = [F(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def mean_session_minutes(home: Home, d: int, days: int) -> Fraction | None:
    """Average the length of the sessions that began in the window."""
    return mean(session.minutes for session in home.sessions_in(d, days))


def tasks_trend(home: Home, d: int) -> Fraction | None:
    """Compare tasks of 30 days with those of the 30 before; unknown for a young household."""
    if d - home.signup < YOUNG_DAYS:
        return None
    now, before = tasks_done(home, d, 30), tasks_done(home, d - 30, 30)
    return min(F(1), max(F(-1), F(now - before, max(before, 1))))


@dataclass(frozen=True)
class TicketState:
    """A ticket as it stands at the end of a day."""

    is_open: bool
    hours: Fraction | None
    is_critical: bool
    is_escalated: bool
    names_competitor: bool


def ticket_at(home: Home, ticket: Ticket, d: int) -> TicketState:
    """Follow the history of a ticket to the end of d."""
    end = stamp(d + 1)
    course = [(moment, value) for moment, value in ticket.statuses if moment < end]
    fallback = "new" if ticket.statuses else ticket.status
    status, solved, _ = desk.status_course(course, fallback)
    if ticket.tags:
        told = [(moment, value) for moment, value in ticket.tags if moment < end]
        tags = max(told)[1].split() if told else []
    else:
        tags = ticket.plain_tags
    levels = (desk.strongest(tags, "urgency"), desk.strongest(tags, "impact"))
    priority = home.rules.priorities.get(levels, home.rules.assumed_priority)
    hours = None
    if solved is not None:
        microseconds = (solved - ticket.created) // pd.Timedelta(microseconds=1)
        hours = F(microseconds, 3_600_000_000)
    return TicketState(
        is_open=status not in SOLVED,
        hours=hours,
        is_critical=home.rules.severities[priority] == "Critical",
        is_escalated="escalated" in tags,
        names_competitor=any(tag.startswith("competitor_") for tag in tags),
    )


def tickets_created(home: Home, d: int, days: int) -> list[Ticket]:
    """List the tickets created in the window."""
    return [ticket for ticket in home.tickets if within(ticket.day, d, days)]


def states_of(home: Home, tickets: list[Ticket], d: int) -> list[TicketState]:
    """Say how these tickets stand at d."""
    return [ticket_at(home, ticket, d) for ticket in tickets]


def open_tickets(home: Home, d: int) -> int:
    """Count the unsolved tickets at d."""
    return sum(state.is_open for state in states_of(home, [t for t in home.tickets if t.day <= d], d))


def csat_given(home: Home, d: int, days: int) -> Fraction | None:
    """Average the CSAT answers given in the window."""
    return mean(a.score for a in home.answers if a.kind == "CSAT" and within(a.day, d, days))


def latest_nps(home: Home, d: int) -> int | None:
    """Return the latest NPS answer that has a score, of the last 180 days."""
    scores = [a.score for a in home.answers if a.kind == "NPS" and within(a.day, d, 180)]
    known = [score for score in scores if score is not None]
    return int(known[-1]) if known else None


def touches_in(
    home: Home, d: int, days: int, kind: str | None = None, event: str | None = None
) -> list[Touch]:
    """List the engagement rows of a type and event in the window."""
    return [
        touch
        for touch in home.touches
        if within(touch.day, d, days) and kind in (None, touch.kind) and event in (None, touch.event)
    ]


def answered_share(home: Home, d: int, days: int, kind: str, event: str) -> Fraction | None:
    """Of the messages sent in the window, the share that had this event by d."""
    answered: dict[Touch, bool] = {}
    for touch in home.touches:
        if touch.kind != kind or touch.day > d:
            continue
        if touch.event == "sent":
            answered[touch] = False
        elif touch.event == event:
            meant = [sent for sent in answered if is_about(touch, sent)]
            if meant:
                answered[meant[-1]] = True
    return mean(done for sent, done in answered.items() if within(sent.day, d, days))


def is_about(answer: Touch, sent: Touch) -> bool:
    """Say whether it is the same message, or without an id a message to the same contact."""
    if answer.message is not None:
        return answer.message == sent.message
    return sent.message is None and answer.contact == sent.contact


def latest_subscription(home: Home, d: int) -> Version | None:
    """Return the subscription in force, else the one that started last, in its version at d."""
    line = home.line
    if line.at(d).main is not None:
        return line.at(d).main
    known = [name for name in line.subscriptions if line.version_at(name, d) is not None]
    if not known:
        return None
    return line.version_at(max(known, key=lambda name: (line.started(name), name)), d)


def failed_lately(home: Home, d: int) -> bool:
    """Say whether the latest subscription became unpaid or incomplete in the last 90 days."""
    latest = latest_subscription(home, d)
    if latest is None or latest.status in IN_FORCE:
        return False
    became, failing = None, False
    for version in home.line.subscriptions[latest.subscription_id]:
        if version.day > d:
            break
        if version.status in FAILING and not failing:
            became = version.day
        failing = version.status in FAILING
    return became is not None and within(became, d, 90)


def payment_status(home: Home, d: int) -> str | None:
    """Return the payment status of the latest subscription at d."""
    latest = latest_subscription(home, d)
    if latest is None:
        return None
    return billing.payment_status(home.line, latest.subscription_id, d, home.rules)


def limit_share(home: Home, d: int) -> Fraction | None:
    """Return the largest share of a limit that is used, under a plan that has limits."""
    if home.line.at(d).plan != "Free":
        return None
    used = {
        "recurring_tasks": sum(
            t.recurring and t.created <= d and t.completed_day > d and t.deleted > d for t in home.tasks
        ),
        "photos": photos_ever(home, d),
        "members": len(members_at(home, d)),
    }
    return max(F(used[name], limit) for name, limit in FREE_LIMITS.items())


def upgrade_day(home: Home, d: int) -> int:
    """Find the first day of the present run of days on at least the present plan's rank."""
    rank = home.rules.rank
    present = rank(home.line.at(d).plan)
    day = d
    while rank(home.line.at(day - 1).plan) >= present:
        day -= 1
    return day


# --------------------------------------------------------------------------------- the parts


def points(value, *steps: tuple) -> int:
    """Return the points of the first bound that the value reaches; unknown earns none."""
    if value is None:
        return 0
    return next((earned for bound, earned in steps if value >= bound), 0)


def clamp(value) -> Fraction:
    """Keep a score between 0 and 100."""
    return min(F(100), max(F(0), F(value)))


def dau_ratio(home: Home, d: int) -> Fraction | None:
    """Average over seven days the share of the members at d who were active, at most 1."""
    members = len(members_at(home, d))
    return min(F(1), F(daily_actives(home, d, 7), 7 * members)) if members else None


def product_usage(home: Home, d: int) -> Fraction:
    """50 × dau_ratio + 30 × min(tasks_7 / 14, 1) + 10 if a pet was active + 10 × app opens."""
    own = {pet for pet, added, _ in home.pets if added <= d}
    pet_was_active = any(event.pet in own for event in home.events_in(d, 7))
    return (
        50 * (dau_ratio(home, d) or F(0))
        + 30 * min(F(tasks_done(home, d, 7), 14), F(1))
        + (10 if pet_was_active else 0)
        + 10 * min(F(count_events(home, "app_open", d, 7), 14), F(1))
    )


def feature_adoption(home: Home, d: int) -> Fraction:
    """30 plan · 25 recurring tasks · 20 reminders · photos 15 or 10 · 5 calendar · 5 notifications."""
    return F(
        (30 if home.line.at(d).plan != "Free" else 0)
        + (25 if is_enabled(home, "recurring_tasks", d) else 0)
        + (20 if is_enabled(home, "reminders", d) else 0)
        + points(photos_ever(home, d), (5, 15), (1, 10))
        + (5 if is_enabled(home, "calendar_sync", d) else 0)
        + (5 if is_enabled(home, "notifications", d) else 0)
    )


def support_health(home: Home, d: int) -> Fraction:
    """100 less points for tickets, critical tickets and slow solutions, plus points for CSAT."""
    tickets = tickets_created(home, d, 30)
    states = states_of(home, tickets, d)
    names = {ticket.id for ticket in tickets}
    csat = mean(a.score for a in home.answers if a.kind == "CSAT" and a.day <= d and a.ticket in names)
    hours = mean(state.hours for state in states)
    slow = 0 if hours is None else 15 if hours > 48 else 10 if hours > 24 else 0
    return clamp(
        100
        - min(10 * len(tickets), 40)
        - min(20 * sum(state.is_critical for state in states), 30)
        - slow
        + points(csat, (F("4.5"), 15), (4, 10))
    )


def support_engagement(home: Home, d: int) -> Fraction:
    """70, and more for a few tickets handled well, less for silence, many, critical, slow ones."""
    tickets = tickets_created(home, d, 90)
    states = states_of(home, tickets, d)
    score = F(70)
    if 1 <= len(tickets) <= 3:
        csat = csat_given(home, d, 90)
        if csat is not None:
            score += 20 if csat >= F("4.5") else 10 if csat >= 4 else -10
    if not tickets:
        contact = any(within(day, d, 90) for day in home.check_ins)
        score += 10 if contact or touches_in(home, d, 90, "outreach") else -5
    if len(tickets) > 5:
        score -= min(3 * len(tickets), 30)
    ever = states_of(home, [ticket for ticket in home.tickets if ticket.day <= d], d)
    score -= 20 * sum(state.is_critical and state.is_open for state in ever)
    hours = mean(state.hours for state in states)
    if hours is not None and hours > 48:
        score -= 15
    return clamp(score)


def engagement(home: Home, d: int) -> Fraction:
    """Login days in 7 and in 30, session minutes and features of 30 days."""
    days_7 = len({session.day for session in home.sessions_in(d, 7)})
    days_30 = len({session.day for session in home.sessions_in(d, 30)})
    return F(
        points(days_7, (5, 40), (3, 30), (1, 20))
        + points(days_30, (20, 30), (10, 20), (5, 10))
        + points(mean_session_minutes(home, d, 30), (10, 20), (5, 15), (2, 10))
        + points(len(features_used(home, d, 30)), (10, 10), (5, 5))
    )


def payment(home: Home, d: int) -> Score:
    """Start from the payment status, take off for failed charges and for a missing payment."""
    if failed_lately(home, d):
        status = "failed"
    elif home.line.at(d).plan == "Free":
        return F(70)
    else:
        status = payment_status(home, d)
    start = {"current": 100, "overdue": 50, "failed": 30, "cancelled": 0}.get(status)
    if start is None:
        return None
    failed = sum(state == "failed" and within(day, d, 90) for day, state in home.charges)
    paid = [day for day, state in home.charges if state == "succeeded" and day <= d]
    price = latest_subscription(home, d).price
    missing = False
    if paid and price is not None and price.interval in INTERVAL_DAYS:
        interval = INTERVAL_DAYS[price.interval] * price.interval_count
        missing = d - max(paid) > interval + 10 and status != "cancelled"
    return F(max(start - min(15 * failed, 40) - (20 if missing else 0), 0))


def collaboration(home: Home, d: int) -> float | None:
    """How evenly the members at d share the tasks of 30 days: entropy, 0 to 100."""
    members = members_at(home, d)
    done = Counter(e.user for e in home.events_in(d, 30) if e.name == "task_completion")
    counts = [done[user] for user in members if done[user]]
    if len(members) < 2 or not counts:
        return None
    total = sum(counts)
    entropy = -sum(n / total * math.log(n / total) for n in counts)
    return round(100 * entropy / math.log(len(members)), 9)


def care_on_time_rate(home: Home, d: int, days: int) -> Fraction | None:
    """Of the care tasks due in the window, the share completed on or before they were due."""
    due = [
        task.in_time
        for task in home.tasks
        if within(task.due_day, d, days)
        and task.category not in (None, "other")
        and task.created <= task.due_day < task.deleted
    ]
    return F(sum(due), len(due)) if due else None


def value_delivery(home: Home, d: int) -> Fraction:
    """50, and points for what grows: tasks, pets, features, sharing, care in time."""
    trend = tasks_trend(home, d)
    score = F(50)
    if trend is not None:
        score += 30 if trend > F("0.3") else 15 if trend > F("0.1") else 0
        score -= 30 if trend < F("-0.3") else 15 if trend < F("-0.1") else 0
    score += 20 if any(within(added, d, 90) for _, added, _ in home.pets) else 0
    score += points(len(features_first_used(home, d, 90)), (2, 20), (1, 10))
    shared = collaboration(home, d)
    if shared is not None:
        score += 20 if shared > 70 else 10 if shared > 40 else -10 if shared < 20 else 0
    now, before = care_on_time_rate(home, d, 30), care_on_time_rate(home, d - 30, 30)
    score += 10 if now is not None and before is not None and now > before else 0
    return clamp(score)


def premium_uses(home: Home, d: int) -> dict[str, int]:
    """Count the uses of what the plan offers since the upgrade; calendar sync is on or off."""
    since = home.events_in(d, d - upgrade_day(home, d) + 1)
    uses = Counter(event.feature for event in since)
    return {
        "calendar_sync": int(is_enabled(home, "calendar_sync", d)),
        "advanced_analytics": uses["advanced_analytics"],
        "custom_templates": uses["custom_templates"],
        "priority_support": uses["priority_support"],
        "premium_onboarding": sum(
            event.name == "feature_used" and event.feature == "premium_onboarding" for event in since
        ),
    }


def premium_adoption(home: Home, d: int) -> Score:
    """How much of what it pays for the household uses; only for those who pay."""
    if not home.line.at(d).paying:
        return None
    uses = premium_uses(home, d)
    return F(
        points(uses["calendar_sync"], (1, 25))
        + points(uses["advanced_analytics"], (5, 25), (2, 15))
        + points(uses["custom_templates"], (3, 25), (1, 15))
        + points(uses["priority_support"], (1, 15))
        + points(uses["premium_onboarding"], (1, 10))
    )


# ---------------------------------------------------------------- parts on straight lines


class Part(NamedTuple):
    """The score of a part and the share of its metric weight that is known."""

    score: Score
    known: Fraction


def on_line(value, worst, ideal) -> Score:
    """Score a value on the straight line from worst (0) to ideal (100)."""
    if value is None:
        return None
    return clamp(100 * (F(value) - F(worst)) / (F(ideal) - F(worst)))


def weigh(*metrics: tuple[Score, Fraction]) -> Part:
    """Take the weighted mean of the known metrics; the weights of a part add up to 1."""
    known = sum((weight for score, weight in metrics if score is not None), F(0))
    if not known:
        return Part(None, F(0))
    return Part(sum(score * weight for score, weight in metrics if score is not None) / known, known)


def catalogue_share(home: Home, d: int) -> Fraction:
    """Features used in 30 days of those in the catalogue."""
    return F(len(features_used(home, d, 30)), len(home.rules.feature_tiers))


def b2b_product_usage(home: Home, d: int) -> Part:
    """Days since the last login, features used, events per session."""
    last = days_since_login(home, d)
    recent = 0 if last is None else 40 if last <= 1 else 30 if last <= 7 else 20 if last <= 14 else 10
    if last is not None and last > 30:
        recent = 0
    begun = home.sessions_in(d, 30)
    per_session = F(sum(session.events for session in begun), len(begun)) if begun else F(0)
    score = recent + 30 * catalogue_share(home, d) + 30 * min(per_session / 20, F(1))
    return Part(score, F(1))


def b2b_engagement(home: Home, d: int) -> Part:
    """Mails opened, webinars attended, downloads."""
    webinars = touches_in(home, d, 90, "webinar")
    attended = sum(touch.event == "attended" for touch in webinars)
    invited = any(touch.event in ("invited", "attended") for touch in webinars)
    downloads = len(touches_in(home, d, 90, "download", "downloaded"))
    return weigh(
        (on_line(answered_share(home, d, 90, "email", "opened"), 0, F("0.5")), THIRD),
        (on_line(attended if invited else None, 0, 1), THIRD),
        (on_line(downloads if touches_in(home, d, 90) else None, 0, 3), THIRD),
    )


def b2b_support(home: Home, d: int) -> Part:
    """Tickets, sentiment, CSAT."""
    written = (m for m in home.messages if m.channel == "ticket" and m.compound is not None)
    sentiment = mean(message.compound for message in written if within(message.day, d, 90))
    return weigh(
        (on_line(len(tickets_created(home, d, 30)), 5, 0), THIRD),
        (on_line(sentiment, -1, 1), THIRD),
        (on_line(csat_given(home, d, 90), 1, 5), THIRD),
    )


def b2b_financial(home: Home, d: int, world: World) -> Part:
    """Charges that succeeded, rank of the MRR, change of the MRR in a year; of those who pay."""
    now = home.line.at(d)
    if not now.paying:
        return Part(None, F(0))
    settled = [s for day, s in home.charges if within(day, d, 180) and s in ("succeeded", "failed")]
    share = F(settled.count("succeeded"), len(settled)) if settled else None
    everyone = world.mrr_of_paying(d)
    rank = F(bisect_left(everyone, now.mrr), len(everyone) - 1) if len(everyone) > 1 else None
    before = home.line.at(d - 365).mrr
    change = (F(now.mrr) - F(before)) / F(before) if before else None
    return weigh(
        (on_line(share, F("0.5"), 1), THIRD),
        (on_line(rank, 0, 1), THIRD),
        (on_line(change, F("-0.2"), F("0.2")), THIRD),
    )


def b2b_relationship(home: Home, d: int) -> Part:
    """NPS, meetings with executives, the champion."""
    executives = [c for c in home.contacts if c.role == "executive" and c.created <= d]
    meetings = None
    if any(c.left > d for c in executives):
        names = {c.id for c in home.contacts if c.role == "executive"}
        meetings = sum(t.contact in names for t in touches_in(home, d, 90, "meeting", "held"))
    champions = [c for c in home.contacts if c.role == "champion" and c.created <= d]
    champion = any(c.left > d for c in champions) if champions else None
    return weigh(
        (on_line(latest_nps(home, d), 0, 10), THIRD),
        (on_line(meetings, 0, 1), THIRD),
        (on_line(champion, 0, 1), THIRD),
    )


def graded_product_usage(home: Home, d: int) -> Part:
    """How many of the active ones are there each day, features used, tasks."""
    distinct = len(active_members(home, d, 30))
    daily = F(daily_actives(home, d, 30), 30 * distinct) if distinct else None
    return weigh(
        (on_line(daily, 0, F("0.5")), F("0.4")),
        (on_line(catalogue_share(home, d), 0, F("0.7")), F("0.3")),
        (on_line(tasks_done(home, d, 7), 0, 14), F("0.3")),
    )


def graded_engagement(home: Home, d: int) -> Part:
    """Days since the last login, sessions, features used."""
    return weigh(
        (on_line(days_since_login(home, d), 30, 1), F("0.4")),
        (on_line(len(home.sessions_in(d, 7)), 0, 5), F("0.3")),
        (on_line(len(features_used(home, d, 30)), 0, 10), F("0.3")),
    )


def graded_support(home: Home, d: int) -> Part:
    """Open tickets, CSAT, escalated tickets."""
    escalated = sum(state.is_escalated for state in states_of(home, tickets_created(home, d, 90), d))
    return weigh(
        (on_line(open_tickets(home, d), 5, 0), F("0.4")),
        (on_line(csat_given(home, d, 90), 1, 5), F("0.4")),
        (on_line(escalated, 3, 0), F("0.2")),
    )


def graded_relationship(home: Home, d: int) -> Part:
    """NPS, meetings attended, outreach that was replied to."""
    meetings = touches_in(home, d, 90, "meeting")
    there_was_one = any(touch.event in ("held", "attended") for touch in meetings)
    attended = sum(touch.event == "attended" for touch in meetings)
    return weigh(
        (on_line(latest_nps(home, d), 0, 10), F("0.5")),
        (on_line(attended if there_was_one else None, 0, 1), F("0.3")),
        (on_line(answered_share(home, d, 90, "outreach", "replied"), 0, 1), F("0.2")),
    )


def graded_financial(home: Home, d: int) -> Part:
    """Payment score and billing interval of those who pay; the limits of a plan that has some."""
    paid, months = None, None
    if home.line.at(d).paying:
        score = payment(home, d)
        paid = None if score is None else score / 100
        price = latest_subscription(home, d).price
        if price is not None and price.interval in INTERVAL_MONTHS:
            months = INTERVAL_MONTHS[price.interval] * price.interval_count
    return weigh(
        (on_line(paid, 0, 1), F("0.4")),
        (on_line(months, 0, 12), F("0.3")),
        (on_line(limit_share(home, d), 0, 1), F("0.3")),
    )


# ---------------------------------------------------------------------------- the scorecards


def half_away(value: Fraction) -> int:
    """Round to a whole number, half away from zero."""
    whole = math.floor(abs(value) + F(1, 2))
    return whole if value >= 0 else -whole


def band(model: str, score: int | None) -> str | None:
    """Name the band of a rounded score."""
    if score is None:
        return None
    return next(name for bound, name in BANDS[model] if score >= bound)


@dataclass(frozen=True)
class Scorecard:
    """One scorecard of one household on one day."""

    model: str
    parts: dict[str, Part]
    overall: int | None
    known_weight: Fraction
    segment: str | None


def whole(score: Score) -> Part:
    """Make a part of a score that is either known or not."""
    return Part(score, F(0) if score is None else F(1))


def parts_of(model: str, home: Home, d: int, world: World) -> dict[str, Part]:
    """Compute the parts of a scorecard."""
    if model == "retention_b2b":
        return {
            "product_usage": b2b_product_usage(home, d),
            "engagement": b2b_engagement(home, d),
            "support": b2b_support(home, d),
            "financial": b2b_financial(home, d, world),
            "relationship": b2b_relationship(home, d),
        }
    if model == "graded":
        return {
            "product_usage": graded_product_usage(home, d),
            "engagement": graded_engagement(home, d),
            "support": graded_support(home, d),
            "relationship": graded_relationship(home, d),
            "financial": graded_financial(home, d),
        }
    functions = {
        "product_usage": product_usage,
        "feature_adoption": feature_adoption,
        "support_health": support_health,
        "support_engagement": support_engagement,
        "engagement": engagement,
        "payment": payment,
        "value_delivery": value_delivery,
    }
    return {part: whole(functions[part](home, d)) for part in WEIGHTS[model]}


def scorecard(model: str, home: Home, d: int, world: World) -> Scorecard | None:
    """Compute a scorecard; None for who is no customer at d."""
    if not home.is_customer(d):
        return None
    if (model, d) not in home.memory:
        weights, parts = WEIGHTS[model], parts_of(model, home, d, world)
        known = sum(weights[name] * part.known for name, part in parts.items())
        scored = {name: part.score for name, part in parts.items() if part.score is not None}
        overall = None
        if known >= LEAST_KNOWN:
            total = sum(weights[name] * score for name, score in scored.items())
            overall = half_away(total / sum(weights[name] for name in scored))
        home.memory[model, d] = Scorecard(model, parts, overall, known, band(model, overall))
    return home.memory[model, d]


def score_date_28_days_ago(d: int) -> int:
    """Find the latest Sunday on or before d − 28."""
    return latest_sunday(d - 28)


def past_card(model: str, home: Home, d: int, world: World, past: int) -> Scorecard | None:
    """Compute the scorecard of an earlier score date, if that is one at all."""
    return scorecard(model, home, past, world) if past in world.score_dates() else None


def score_change(model: str, home: Home, d: int, world: World) -> int | None:
    """Compare the score with that of 28 days ago."""
    now = scorecard(model, home, d, world)
    past = past_card(model, home, d, world, score_date_28_days_ago(d))
    if past is None or past.overall is None or now.overall is None:
        return None
    return now.overall - past.overall


def part_change(model: str, part: str, home: Home, d: int, world: World) -> Score:
    """Compare a part with what it was 28 days ago."""
    now = scorecard(model, home, d, world)
    past = past_card(model, home, d, world, score_date_28_days_ago(d))
    if past is None or past.parts[part].score is None or now.parts[part].score is None:
        return None
    return now.parts[part].score - past.parts[part].score


def trend_name(change: int | None) -> str | None:
    """Name the direction of a score."""
    if change is None:
        return None
    return "improving" if change > 5 else "declining" if change < -5 else "stable"


# -------------------------------------------------------------------------------- the tables


def trend_alerts(home: Home, d: int) -> dict[str, dict]:
    """List by metric what fell against the 30 days before."""
    if d - home.signup < YOUNG_DAYS:
        return {}
    metrics = {
        "tasks_completed": (tasks_done(home, d, 30), tasks_done(home, d - 30, 30)),
        "active_members": (len(active_members(home, d, 30)), len(active_members(home, d - 30, 30))),
        "mean_session_minutes": (mean_session_minutes(home, d, 30), mean_session_minutes(home, d - 30, 30)),
    }
    bounds = {
        "tasks_completed": (F("-0.3"), "critical"),
        "active_members": (F("-0.5"), "critical"),
        "mean_session_minutes": (F("-0.4"), "warning"),
    }
    alerts = {}
    for metric, (now, before) in metrics.items():
        if now is None or not before:
            continue
        change = F(now - before) / F(before)
        bound, severity = bounds[metric]
        if change < bound and (metric != "tasks_completed" or now > 10):
            alerts[metric] = {
                "current_value": F(now),
                "previous_value": F(before),
                "percent_change": change,
                "severity": severity,
            }
    return alerts


def daily_status(score: int | None, alerts: int) -> str:
    """Name the state of the day."""
    if (score is not None and score < 40) or alerts >= 3:
        return "critical"
    if (score is not None and score < 60) or alerts >= 1:
        return "at_risk"
    return "healthy"


def health_alerts(home: Home, d: int, world: World) -> dict[str, dict]:
    """List by name the alerts against the previous score date."""
    previous = latest_sunday(d - 1)
    alerts = {}
    now, before = (
        scorecard(PRIMARY, home, d, world),
        past_card(PRIMARY, home, d, world, previous),
    )
    grade = scorecard("graded", home, d, world).segment
    if before is None:
        return alerts
    if None not in (now.overall, before.overall) and before.overall - now.overall > 15:
        alerts["health_score_drop"] = {
            "severity": "high",
            "health_score": now.overall,
            "previous_score": before.overall,
        }
    previous_grade = past_card("graded", home, d, world, previous).segment
    if grade in ("D", "F") and previous_grade in ("A", "B", "C"):
        alerts["customer_at_risk"] = {"severity": "critical"}
    return alerts


def customer_health(home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_customer_health."""
    card = scorecard(PRIMARY, home, d, world)
    if card is None:
        return None
    change = score_change(PRIMARY, home, d, world)
    alerts = len(trend_alerts(home, d))
    now: State = home.line.at(d)
    return {
        "metric_date": as_date(d),
        "is_current": d == world.as_of,
        "health_model": PRIMARY,
        "health_score": card.overall,
        "product_usage_score": card.parts["product_usage"].score,
        "feature_adoption_score": card.parts["feature_adoption"].score,
        "support_score": card.parts["support_engagement"].score,
        "engagement_score": card.parts["engagement"].score,
        "payment_score": card.parts["payment"].score,
        "value_delivery_score": card.parts["value_delivery"].score,
        "premium_adoption_score": premium_adoption(home, d),
        "health_segment": card.segment,
        "health_grade": scorecard("graded", home, d, world).segment,
        "health_trend": trend_name(change),
        "score_change_28d": change,
        "negative_trend_count": alerts,
        "daily_status": daily_status(card.overall, alerts),
        "nps_score": latest_nps(home, d),
        "open_tickets": open_tickets(home, d),
        "days_since_last_login": days_since_login(home, d),
        "plan_type": now.plan,
        "mrr": now.mrr,
    }


SCORE_COLUMNS = {"support_health": "support", "support_engagement": "support"}
STORED_PARTS = (
    "product_usage feature_adoption support engagement payment financial value_delivery relationship"
)


def health_score(model: str, home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_health_scores."""
    card = scorecard(model, home, d, world)
    if card is None:
        return None
    row = {"overall_score": card.overall, "known_weight": card.known_weight, "segment": card.segment}
    row |= {f"{name}_score": None for name in STORED_PARTS.split()}
    for name, part in card.parts.items():
        row[f"{SCORE_COLUMNS.get(name, name)}_score"] = part.score
    return row


def drivers(home: Home, d: int, world: World) -> dict[str, dict]:
    """Open the primary score into its parts; the part that costs most comes first."""
    card = scorecard(PRIMARY, home, d, world)
    rows = {}
    for name, part in card.parts.items():
        weight = WEIGHTS[PRIMARY][name]
        change = part_change(PRIMARY, name, home, d, world)
        lost = None if part.score is None else weight * (100 - part.score)
        rows[name] = {"weight": weight, "score": part.score, "points_lost": lost, "change_28d": change}
    return rows


def growth_share(home: Home, d: int) -> Fraction | None:
    """Return the share of the known signs of growth that are there."""
    trend = tasks_trend(home, d)
    signs = [
        None if trend is None else trend > 0,
        any(within(joined, d, 90) for _, joined, _ in home.members),
        any(within(added, d, 90) for _, added, _ in home.pets),
        bool(features_first_used(home, d, 90)),
    ]
    return mean(signs)


def findings(home: Home, d: int, world: World) -> dict[tuple[str, str, str | None], Fraction]:
    """List the risks and opportunities by kind, name and part, with their values."""
    found: dict[tuple[str, str, str | None], Fraction] = {}
    for name, part in scorecard("graded", home, d, world).parts.items():
        if part.score is not None and part.score < 40:
            found["risk", "part_below_40", name] = part.score
        change = part_change("graded", name, home, d, world)
        if change is not None and change < -5:
            found["risk", "part_declining", name] = change
    last, nps, share = days_since_login(home, d), latest_nps(home, d), limit_share(home, d)
    unsolved, adoption, growth = open_tickets(home, d), catalogue_share(home, d), growth_share(home, d)
    if last is not None and last >= 7:
        found["risk", "no_login_in_7_days", None] = F(last)
    if unsolved > 3:
        found["risk", "open_tickets", None] = F(unsolved)
    if nps is not None and nps <= 6:
        found["risk", "detractor", None] = F(nps)
    if adoption < F("0.5"):
        found["opportunity", "training", None] = adoption
    if nps is not None and nps >= 9:
        found["opportunity", "advocacy", None] = F(nps)
    if growth is not None and growth > F("0.7"):
        found["opportunity", "expansion", None] = growth
    if share is not None and share > F("0.8"):
        found["opportunity", "upgrade", None] = share
    return found


def premium_risk(home: Home, d: int) -> dict | None:
    """Make the row of rpt_premium_adoption_risk of a household at risk."""
    score = premium_adoption(home, d)
    if score is None or score >= 40:
        return None
    since = d - upgrade_day(home, d)
    if since < 30:
        return None
    return {
        "days_since_upgrade": since,
        "premium_adoption_score": score,
        "missing_features": sorted(name for name, uses in premium_uses(home, d).items() if not uses),
        "mrr": home.line.at(d).mrr,
    }


def level(value, *steps: tuple, other: str) -> str:
    """Name the first level whose bound the value reaches."""
    return next((name for bound, name in steps if value is not None and value >= bound), other)


def collaboration_level(active: int, members: int) -> str:
    """Name how many of the members take part."""
    if members and F(active, members) >= F("0.8"):
        return "Full Household"
    if members and F(active, members) >= F("0.5"):
        return "Partial Household"
    return {0: "Inactive Household", 1: "Solo User"}.get(active, "Minority Household")


def behavioral_segment(score: int | None, nps: int | None) -> str:
    """Name the segment: the first rule that holds."""
    if score is not None and nps is not None and score >= 80 and nps >= 9:
        return "Champion"
    if score is not None and nps is not None and score >= 70 and nps >= 7:
        return "Loyalist"
    if (score is not None and score < 40) or (nps is not None and nps <= 6):
        return "Detractor"
    return "At-Risk" if score is not None and score <= 60 else "Undefined"


def recommended_action(profile: dict) -> str:
    """Give a word of the action: the first rule that holds."""
    if profile["usage_intensity"] == "Power User" and profile["value_perception"] == "Advocate":
        return "testimonials"
    if profile["usage_intensity"] == "Dormant User":
        return "re-engagement"
    if profile["collaboration_level"] == "Solo User" and profile["feature_sophistication"] == "Basic":
        return "invite"
    if profile["lifecycle_stage"] == "Onboarding" and profile["support_dependency"] == "High Touch":
        return "onboarding"
    return "escalation" if profile["value_perception"] == "Detractor" else "nurture"


def profile(home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_customer_profiles."""
    card = scorecard(PRIMARY, home, d, world)
    if card is None:
        return None
    weekly = len(active_members(home, d, 7))
    ratio = F(daily_actives(home, d, 7), 7 * weekly) if weekly else None
    active, members = len(active_members(home, d, 30) & members_at(home, d)), len(members_at(home, d))
    premium = len(features_used(home, d, 30, "premium"))
    advanced = len(features_used(home, d, 30, "advanced"))
    nps, age = latest_nps(home, d), d - home.signup
    per_month = F(len(tickets_created(home, d, 90)), 3)
    usage = level(ratio, (F("0.8"), "Power"), (F("0.5"), "Regular"), (F("0.2"), "Casual"), other="Dormant")
    support = "High" if per_month > 3 else "Medium" if per_month >= 1 else "Low"
    sophistication = "Intermediate" if advanced >= 2 else "Basic"
    stages = ((30, "Onboarding"), (90, "Adoption"), (365, "Growth"))
    perception = level(nps, (9, "Advocate"), (7, "Satisfied"), (5, "Neutral"), other="Detractor")
    row = {
        "is_active": True,
        "usage_intensity": f"{usage} User",
        "collaboration_level": collaboration_level(active, members),
        "feature_sophistication": "Advanced" if premium >= 3 else sophistication,
        "lifecycle_stage": next((name for bound, name in stages if age <= bound), "Mature"),
        "value_perception": "Unknown" if nps is None else perception,
        "support_dependency": f"{support} Touch",
        "behavioral_segment": behavioral_segment(card.overall, nps),
        "dau_wau_ratio": ratio,
        "active_members": active,
        "total_members": members,
        "premium_features_count": premium,
        "advanced_features_count": advanced,
        "days_since_signup": age,
        "nps_score": nps,
        "tickets_per_month": per_month,
    }
    return row | {"recommended_action": recommended_action(row)}
