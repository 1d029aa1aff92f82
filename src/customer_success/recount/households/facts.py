"""Raw facts about households, and numbered days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from . import churn, messages
from .billing import Timeline
from .loading import with_needed
from .rules import Rules
from .values import EPOCH


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
    """A support ticket with the course of its status, of its tags and of its priority at the desk.

    ``priority`` holds where the history has none; ``listed``: another ticket says that it was merged into it.
    """

    id: str
    created: pd.Timestamp
    day: int
    status: str
    statuses: list[tuple[pd.Timestamp, str]]
    tags: list[tuple[pd.Timestamp, str]]
    plain_tags: list[str]
    tags_known: bool
    priorities: list[tuple[pd.Timestamp, str | None]]
    priority: str | None
    listed: bool


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
    template: str | None = None


class Override(NamedTuple):
    """A stage of the lifecycle that a person set."""

    at: pd.Timestamp
    id: str
    day: int
    stage: str


class Review(NamedTuple):
    """A review that the household wrote."""

    day: int
    rating: Fraction | None


class Seen(NamedTuple):
    """What occurs anywhere by as_of_date: templates of meetings, events of members."""

    templates: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


NOTHING_SEEN = Seen()


@dataclass
class Home:
    """All facts about one household; days count from 1970-01-01.

    ``absent`` names the raw tables (source.table) that the company does not have: facts from them are
    unknown, not 0.
    """

    id: str
    signup: int
    line: Timeline
    rules: Rules
    absent: frozenset[str] = frozenset()
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
    sentiments: list[tuple[int, Fraction, str]] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    conversions: list[int] = field(default_factory=list)

    def __post_init__(self):
        self.memory: dict = {}

    def has(self, *tables: str) -> bool:
        """Return whether the company has all of these raw tables, and what their facts need."""
        return self.absent.isdisjoint(with_needed(tables))

    def events_in(self, d: int, days: int) -> list[Event]:
        """Return the events in the window of so many days at d."""
        first = bisect_left(self.events, d - days + 1, key=lambda e: e.day)
        return self.events[first : bisect_right(self.events, d, key=lambda e: e.day)]

    def sessions_in(self, d: int, days: int) -> list[Session]:
        """Return the sessions that began in the window of so many days at d."""
        first = bisect_left(self.sessions, d - days + 1, key=lambda s: s.day)
        return self.sessions[first : bisect_right(self.sessions, d, key=lambda s: s.day)]

    def is_customer(self, d: int) -> bool:
        """Return whether it signed up on or before d and is not churned at d."""
        if self.never or d < self.signup:
            return False
        return not any(s.churned <= d and (s.reactivated is None or d < s.reactivated) for s in self.spells)


class World:
    """The raw data of some households, and the subscriptions of all."""

    def __init__(
        self,
        as_of: int,
        rules: Rules,
        lines: dict[str, Timeline],
        homes: dict[str, Home],
        seen: Seen = NOTHING_SEEN,
    ):
        self.seen = seen
        self.as_of = as_of
        self.rules = rules
        self.lines = lines
        self.homes = homes
        self._mrr: dict[int, list] = {}

    def of(self, households: Iterable[str]) -> World:
        """Return the world of some of its households only."""
        wanted = set(households)
        homes = {name: home for name, home in self.homes.items() if name in wanted}
        return World(self.as_of, self.rules, self.lines, homes, self.seen)

    def score_dates(self) -> list[int]:
        """Every Sunday of the last weeks, and the day of the build."""
        sunday = latest_sunday(self.as_of)
        first = self.as_of - 7 * self.rules.health.history_weeks
        return sorted({*range(sunday, first, -7), self.as_of})

    def scored_dates(self) -> list[int]:
        """The score dates, and the Sundays before them to which the first ones look back."""
        first = self.score_dates()[0]
        earlier = range(
            first - 7, self.as_of - 7 * self.rules.health.history_weeks - self.rules.health.trend_days, -7
        )
        return sorted({*self.score_dates(), *earlier})

    def mrr_of_paying(self, d: int) -> list:
        """List the known MRR of all paying households at d."""
        if d not in self._mrr:
            states = (line.state_at(d) for line in self.lines.values())
            self._mrr[d] = sorted(s.mrr for s in states if s.paying and s.mrr is not None)
        return self._mrr[d]


def latest_sunday(d: int) -> int:
    """Find the latest Sunday on or before d (day 3 of the epoch was the first Sunday)."""
    return d - (d - 3) % 7


def as_date(d: int) -> date:
    """Return the date of a numbered day."""
    return EPOCH + timedelta(days=d)


def within(day: int, d: int, days: int) -> bool:
    """Return whether a day lies in the window of so many days at d, d included."""
    return d - days < day <= d
