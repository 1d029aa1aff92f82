"""The rules of escalations, typed by hand from the specification, and on which days a subject is one.

A day counts as a rule's where the rule holds at its end; tags, priority and status are those at the end of
the day, the plan is that on the day of the ticket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from .bursts import burst_p
from .households.values import FAR

MONTH, WEEK, WEEKS = 30, 7, 26
SHARE = Fraction(5, 1000)  # of the customers, that patterns and themes must reach
CLOSES_AFTER = 14
PERFORMANCE_P = 0.001
ALL = "all"


class State(NamedTuple):
    """What is known of a ticket from `day` until the next state."""

    day: int
    category: str | None
    issue: str | None
    priority: str
    competitor: bool
    security: bool
    is_open: bool
    is_merged: bool


class Report(NamedTuple):
    """A ticket with the course of its states, and the plan of its household on its day."""

    ticket: str
    household: str
    at: pd.Timestamp
    day: int
    plan: str | None
    states: tuple[State, ...]

    def at_day(self, d: int) -> State | None:
        """Return the state at the end of a day; None before the ticket or once it is merged."""
        found = None
        for state in self.states:
            if state.day <= d:
                found = state
        return None if found is None or found.is_merged else found

    def stretches(self) -> Iterable[tuple[int, int, State]]:
        """Yield (first day, day after the last, state)."""
        ends = [state.day for state in self.states[1:]] + [FAR]
        for state, end in zip(self.states, ends, strict=True):
            if state.day < end and not state.is_merged:
                yield state.day, end, state


class Mention(NamedTuple):
    """A message that mentions a theme."""

    household: str
    at: pd.Timestamp
    day: int
    theme: str
    polarity: str
    message: str
    ticket: str | None = None
    plan: str | None = None


@dataclass(frozen=True)
class Rule:
    """A rule; `least` is scaled by the customers where `scales`; None: one ticket is enough."""

    name: str
    kind: str
    team: str
    priority: str
    fits: Callable[[Report, State], bool]
    days: int | None = None
    least: int | None = None
    counts_tickets: bool = False
    scales: bool = False
    closes_after: int = 1


def _category(name: str) -> Callable[[Report, State], bool]:
    return lambda report, state: state.category == name and state.issue is not None


def rules(widespread: int = 100) -> tuple[Rule, ...]:
    """Return the rules that look at tickets one by one or by their issue."""
    ask, bug = _category("feature_request"), _category("bug")
    pattern = {"days": MONTH, "scales": True, "closes_after": CLOSES_AFTER}
    return (
        Rule("feature_request_pattern", "issue_key", "product", "high", ask, least=5, **pattern),
        Rule("bug_pattern", "issue_key", "product", "high", bug, least=10, counts_tickets=True, **pattern),
        Rule("competitive_feedback", "ticket", "product", "medium", lambda r, s: s.competitor, days=MONTH),
        Rule(
            "high_value_feedback",
            "ticket",
            "product",
            "medium",
            lambda r, s: s.category == "feature_request" and r.plan == "Enterprise" and s.is_open,
        ),
        Rule(
            "critical_bug",
            "ticket",
            "engineering",
            "critical",
            lambda r, s: s.category == "bug" and s.priority == "P0" and s.is_open,
        ),
        Rule("widespread_bug", "issue_key", "engineering", "high", bug, days=MONTH, least=widespread),
        Rule(
            "security_issue", "ticket", "engineering", "critical", lambda r, s: s.security and s.is_open
        ),
    )  # fmt: skip


def is_performance(report: Report, state: State) -> bool:
    """Return whether a ticket is one about performance."""
    return state.category == "performance"


def spells(days: Iterable[int], last: int, closes_after: int = 1) -> list[tuple[int, int | None]]:
    """Return (opened, closed) of the days on which something holds, known to the end of day `last`.

    It closes on the last of so many days on end without holding, and is open (None) until then.
    """
    found: list[list] = []
    for day in sorted(days):
        if found and day - found[-1][1] <= closes_after:
            found[-1][1] = day
        else:
            found.append([day, day])
    return [(first, end + closes_after if end + closes_after <= last else None) for first, end in found]


def least_of(rule_least: int, scales: bool, customers: int) -> Fraction:
    """Return the threshold of a rule among so many customers."""
    return max(Fraction(rule_least), SHARE * customers) if scales else Fraction(rule_least)


def days_of(
    rule: Rule, reports: Iterable[Report], last: int, customers: Callable[[int], int]
) -> dict[str, set[int]]:
    """Return the days on which a rule holds, by subject."""
    counting: dict[str, dict[int, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        until = last + 1 if rule.days is None else min(last + 1, report.day + rule.days)
        for first, end, state in report.stretches():
            if rule.fits(report, state):
                subject = report.ticket if rule.kind == "ticket" else state.issue
                for day in range(max(first, report.day), min(end, until)):
                    counting[subject][day].append(report)
    if rule.least is None:
        return {subject: set(days) for subject, days in counting.items()}
    found = {}
    for subject, by_day in counting.items():
        found[subject] = {
            day
            for day, there in by_day.items()
            if (len(there) if rule.counts_tickets else len({r.household for r in there}))
            >= least_of(rule.least, rule.scales, customers(day))
        }
    return found


def theme_days(
    mentions: Iterable[Mention], last: int, customers: Callable[[int], int]
) -> dict[str, set[int]]:
    """Return the days on which a theme is spoken of badly by enough households."""
    by_theme: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_theme[mention.theme].append(mention)
    found: dict[str, set[int]] = {}
    for theme, rows in by_theme.items():
        window: dict[int, list[Mention]] = defaultdict(list)
        for row in rows:
            for day in range(row.day, min(row.day + MONTH, last + 1)):
                window[day].append(row)
        found[theme] = {day for day, there in window.items() if _is_bad(there, customers(day))}
    return found


def _is_bad(there: list[Mention], customers: int) -> bool:
    negative = [row for row in there if row.polarity == "negative"]
    positive = sum(row.polarity == "positive" for row in there)
    return len(negative) > positive and len({row.household for row in negative}) >= least_of(
        10, True, customers
    )


def performance_days(
    reports: Iterable[Report], first: int, last: int, customers: Callable[[int], int]
) -> set[int]:
    """Return the days of a week with unusually many households that report bad performance."""
    own = [report for report in reports if any(s.category == "performance" for s in report.states)]
    found = set()
    for day in range(first + WEEK * (WEEKS + 1) - 1, last + 1):
        counts = [_households(own, day - WEEK * week, day) for week in range(WEEKS + 1)]
        if counts[0] < 10 or counts[0] <= 2 * Fraction(sum(counts[1:]), WEEKS):
            continue
        exposed = [
            sum(customers(day - WEEK * week - back) for back in range(WEEK)) / WEEK
            for week in range(WEEKS + 1)
        ]
        p = burst_p(counts, exposed)
        if p is not None and p < PERFORMANCE_P:
            found.add(day)
    return found


def _households(reports: list[Report], end: int, known: int) -> int:
    """Count the households with a performance ticket in the week that ends on a day, as known later."""
    return len(
        {
            report.household
            for report in reports
            if end - WEEK < report.day <= end
            and (state := report.at_day(known)) is not None
            and is_performance(report, state)
        }
    )
