"""The rules of escalations, from their seed, and on which days a subject is one.

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
from .households.rules import Rules
from .households.values import FAR

WEEK = 7
ALL = "all"
NEGATIVE_THEME, PERFORMANCE, COMPETITIVE = "negative_theme", "performance_degradation", "competitive_feedback"


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
    """A row of seed escalation_rules; `share` of the customers is the least threshold where it `scales`.

    Without a threshold one ticket is enough. What a row leaves open (`of`) any ticket fits.
    """

    name: str
    kind: str
    team: str
    priority: str
    loss_priority: str | None
    of: dict[str, str]
    while_open: bool
    days: int | None
    least: int | None
    counts_tickets: bool
    scales: bool
    closes_after: int
    share: Fraction

    def fits(self, report: Report, state: State) -> bool:
        """Return whether a ticket in a state is one that the rule is about."""
        about = {"competitor": state.competitor, "security": state.security}
        return (
            self.of.get("category", state.category) == state.category
            and self.of.get("plan_type", report.plan) == report.plan
            and self.of.get("ticket_priority", state.priority) == state.priority
            and about.get(self.of.get("about"), True)
            and (state.is_open or not self.while_open)
            and (self.kind != "issue_key" or state.issue is not None)
        )

    def threshold(self, customers: int) -> Fraction:
        """Return from how many on it holds among so many customers."""
        least = Fraction(self.least)
        return max(least, self.share * customers) if self.scales else least


def escalation_rules(rules: Rules) -> dict[str, Rule]:
    """Return the rules by name, in the order of the seed."""
    rows = sorted(rules.rows("voice/escalation_rules"), key=lambda row: int(row["rule_order"]))
    return {row["rule"]: _rule(row, rules.exact("escalation_customer_share")) for row in rows}


def _rule(row: dict[str, str], share: Fraction) -> Rule:
    named = ("category", "plan_type", "ticket_priority", "about")
    days, least = (int(row[name]) if row[name] else None for name in ("window_days", "threshold"))
    return Rule(
        name=row["rule"],
        kind=row["subject_kind"],
        team=row["team"],
        priority=row["priority"],
        loss_priority=row["loss_priority"] or None,
        of={name: row[name] for name in named if row[name]},
        while_open=row["while_open"] == "true",
        days=days,
        least=least,
        counts_tickets=row["measure"] == "tickets",
        scales=row["scales_with_customers"] == "true",
        closes_after=int(row["close_after_days"]),
        share=share,
    )


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
            >= rule.threshold(customers(day))
        }
    return found


def theme_days(
    rule: Rule, mentions: Iterable[Mention], last: int, customers: Callable[[int], int]
) -> dict[str, set[int]]:
    """Return the days on which a theme is spoken of badly by enough households."""
    by_theme: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_theme[mention.theme].append(mention)
    found: dict[str, set[int]] = {}
    for theme, rows in by_theme.items():
        window: dict[int, list[Mention]] = defaultdict(list)
        for row in rows:
            for day in range(row.day, min(row.day + rule.days, last + 1)):
                window[day].append(row)
        found[theme] = {
            day for day, there in window.items() if _is_bad(there, rule.threshold(customers(day)))
        }
    return found


def _is_bad(there: list[Mention], least: Fraction) -> bool:
    negative = [row for row in there if row.polarity == "negative"]
    positive = sum(row.polarity == "positive" for row in there)
    return len(negative) > positive and len({row.household for row in negative}) >= least


def performance_days(
    rule: Rule,
    rules: Rules,
    reports: Iterable[Report],
    days: range,
    customers: Callable[[int], int],
) -> set[int]:
    """Return the days of a week with unusually many households that report bad performance.

    ``days``: from that of the first ticket or message to the last one.
    """
    own = [report for report in reports if any(rule.fits(report, state) for state in report.states)]
    weeks, times = rules.whole("performance_weeks"), rules.exact("performance_times_mean")
    found = set()
    for day in days[WEEK * (weeks + 1) - 1 :]:
        counts = [_households(rule, own, day - WEEK * week, day) for week in range(weeks + 1)]
        if counts[0] < rule.least or counts[0] <= times * Fraction(sum(counts[1:]), weeks):
            continue
        exposed = [
            sum(customers(day - WEEK * week - back) for back in range(WEEK)) / WEEK
            for week in range(weeks + 1)
        ]
        p = burst_p(counts, exposed)
        if p is not None and p < rules.exact("performance_alpha"):
            found.add(day)
    return found


def _households(rule: Rule, reports: list[Report], end: int, known: int) -> int:
    """Count the households with a ticket of the rule in the week that ends on a day, as known later."""
    return len(
        {
            report.household
            for report in reports
            if end - WEEK < report.day <= end
            and (state := report.at_day(known)) is not None
            and rule.fits(report, state)
        }
    )
