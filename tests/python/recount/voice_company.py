"""Households made by hand for the rules on voice and growth; days count from 1970-01-01."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from customer_success.recount.households.billing import NOTHING, State
from customer_success.recount.households.churn import Spell
from customer_success.recount.households.facts import Event, Home, Ticket
from customer_success.recount.households.messages import Message
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.values import FAR, stamp

DAY = 20_000
RULES = Rules.read()
FREE = NOTHING


def at(day: float) -> pd.Timestamp:
    """Return the moment of a day and a part of it."""
    return stamp(0) + pd.Timedelta(days=day)


def paying(plan: str = "Premium", mrr: object = "9.99", seats: int = 1, main=None) -> State:
    """Return the state of a household that pays."""
    return State(True, True, False, plan, Decimal(mrr), Fraction(seats), main)


class Plans:
    """A timeline of billing by hand: the state from each day on."""

    first_day = FAR
    subscriptions: ClassVar[dict] = {}

    def __init__(self, *steps: tuple[int, State]):
        self.steps = sorted(steps, key=lambda step: step[0])
        self.days = [day for day, _ in self.steps]

    def at(self, day: int) -> State:
        return next((state for since, state in reversed(self.steps) if since <= day), NOTHING)

    def live_at(self, day: int) -> list:
        main = self.at(day).main
        return [] if main is None else [main]

    def changes(self):
        before = NOTHING
        for day, state in self.steps:
            yield day, before, state
            before = state


def home(signup: int = DAY, *steps: tuple[int, State], name: str = "h", **facts) -> Home:
    """Return a household with an owner who is a member from the signup on."""
    return Home(name, signup, Plans(*steps), RULES, members=[("owner", signup, FAR)], **facts)


def event(day: int, name: str = "login", feature: str | None = None, user: str = "owner") -> Event:
    return Event(day, user, name, feature, None)


def churn(day: int, back: int | None = None) -> Spell:
    return Spell("h", 1, day, back, day, "dark", False, Decimal(0), "Free")


def ticket(name: str, day: int, *statuses: tuple[float, str], tags: str = "") -> Ticket:
    """Return a ticket with its statuses by moment."""
    course = [(at(day), "new"), *((at(moment), status) for moment, status in statuses)]
    tagged = [(at(day), tags)] if tags else []
    return Ticket(name, at(day), day, "new", course, tagged, [], True, [], None, False)


def message(name: str, day: float, text: str, sentiment: str | None = "Neutral", channel="ticket") -> Message:
    scored = None if sentiment is None else Fraction(0)
    rest = (text, scored, sentiment, 1, (), None, None)
    return Message(name, "h", channel, at(day), int(day), *rest)
