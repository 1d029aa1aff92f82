"""Escalations recounted: spells of each rule and subject, and the evidence on each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .escalation_rules import (
    ALL,
    CLOSES_AFTER,
    MONTH,
    WEEK,
    Mention,
    Report,
    days_of,
    is_performance,
    performance_days,
    rules,
    spells,
    theme_days,
)

SHOWN_DAYS = 400
LOSS_DAYS = 60
SAMPLES, QUOTES, QUOTE_LENGTH = 5, 5, 300
WINDOWED = {"feature_request_pattern", "bug_pattern", "widespread_bug", "negative_theme"}
WINDOWED |= {"performance_degradation"}
PLANS = ("Free", "Premium", "Enterprise")


@dataclass(frozen=True)
class Company:
    """What escalations are judged by. Days count from 1970-01-01.

    ``customers``: number of customers at the end of a day; ``members`` and ``mrr`` of a household at a day
    (None: unknown); ``losses``: days on which a household downgraded, cancelled or churned; ``at_risk``:
    whether its stage is that on a day.
    """

    last: int
    reports: tuple[Report, ...]
    mentions: tuple[Mention, ...]
    customers: Callable[[int], int]
    members: Callable[[str, int], int | None]
    mrr: Callable[[str, int], object]
    losses: Callable[[str], Iterable[int]]
    at_risk: Callable[[str, int], bool] = lambda home, day: False
    widespread: int = 100

    @property
    def first(self) -> int:
        """The day of the first ticket or message."""
        return min((row.day for row in (*self.reports, *self.mentions)), default=self.last)


def escalations(company: Company) -> Iterator[dict]:
    """Yield the rows that are open on one of the last 400 days."""
    for rule in rules(company.widespread):
        found = days_of(rule, company.reports, company.last, company.customers)
        for subject, days in found.items():
            head = (rule.name, rule.kind, rule.team, rule.priority, subject)
            yield from _rows(company, head, spells(days, company.last, rule.closes_after))
    for theme, days in theme_days(company.mentions, company.last, company.customers).items():
        head = ("negative_theme", "theme", "product", "medium", theme)
        yield from _rows(company, head, spells(days, company.last, CLOSES_AFTER))
    days = performance_days(company.reports, company.first, company.last, company.customers)
    head = ("performance_degradation", ALL, "engineering", "high", ALL)
    yield from _rows(company, head, spells(days, company.last))


def _rows(company: Company, head: tuple, found: list[tuple[int, int | None]]) -> Iterator[dict]:
    rule, kind, team, priority, subject = head
    for opened, closed in found:
        if closed is not None and closed <= company.last - SHOWN_DAYS + 1:
            continue
        is_loss = None
        if rule == "competitive_feedback":
            report = next(r for r in company.reports if r.ticket == subject)
            is_loss = any(
                report.day <= day <= min(report.day + LOSS_DAYS, company.last)
                for day in company.losses(report.household)
            )
        yield {
            "rule": rule,
            "subject_kind": kind,
            "team": team,
            "priority": "high" if is_loss else priority,
            "subject": subject,
            "is_loss": is_loss,
            "opened_on": opened,
            "closed_on": closed,
            "is_open": closed is None,
            **_evidence(company, rule, subject, company.last if closed is None else closed - 1),
        }


def counted_on(company: Company, rule: str, subject: str, day: int) -> list:
    """List the tickets, or the negative mentions, that count at the end of a day, earliest first."""
    every = _every(company, rule, subject, day)
    if rule not in WINDOWED:
        return every
    window = WEEK if rule == "performance_degradation" else MONTH
    return [one for one in every if day - window < one.day]


def _every(company: Company, rule: str, subject: str, day: int) -> list:
    """List the tickets or negative mentions of a subject by the end of a day, earliest first."""
    if rule != "negative_theme":
        return sorted(_about(company, rule, subject, day), key=lambda r: (r.at, r.ticket))
    own = [m for m in company.mentions if m.theme == subject and m.polarity == "negative" and m.day <= day]
    return sorted(own, key=lambda m: (m.at, m.message))


def _evidence(company: Company, rule: str, subject: str, day: int) -> dict:
    """Count what an escalation rests on at the end of a day."""
    every, counted = _every(company, rule, subject, day), counted_on(company, rule, subject, day)
    tickets = list(dict.fromkeys(one.ticket for one in reversed(counted) if one.ticket))
    return {
        "tickets": len(tickets),
        **_who(company, [(one.household, one.plan) for one in counted], day),
        "first_reported_at": min((one.at for one in every), default=None),
        "latest_at": max((one.at for one in every), default=None),
        "sample_ticket_ids": tickets[:SAMPLES] or None,
        "change_30d": _change({(one.ticket, one.day) for one in every if one.ticket}, day),
    }


def _about(company: Company, rule: str, subject: str, day: int) -> Iterator[Report]:
    """Yield the tickets of a subject that are known at a day."""
    of = {one.name: one for one in rules(company.widespread)}.get(rule)
    for report in company.reports:
        state = report.at_day(day)
        if report.day > day or state is None:
            continue
        if of is None:
            is_one = is_performance(report, state)
        elif of.kind == "ticket":
            is_one = report.ticket == subject
        else:
            is_one = of.fits(report, state) and state.issue == subject
        if is_one:
            yield report


def _who(company: Company, reported: list[tuple[str, str | None]], day: int) -> dict:
    """Count households, by the plan of their latest report, their members and their MRR."""
    plan_of = dict(reported)
    members = [company.members(home, day) for home in plan_of]
    mrr = [company.mrr(home, day) for home in plan_of]
    return {
        "households": len(plan_of),
        **{f"{plan.lower()}_households": sum(p == plan for p in plan_of.values()) for plan in PLANS},
        "members": None if None in members else sum(members),
        "mrr_at_risk": None if None in mrr else sum(mrr),
        "at_risk_households": sum(company.at_risk(home, day) for home in plan_of),
    }


def _change(reported: Iterable[tuple[str, int]], day: int) -> Fraction | None:
    """Compare the tickets reported in 30 days with those of the 30 before."""
    now = len({ticket for ticket, one in reported if day - MONTH < one <= day})
    before = len({ticket for ticket, one in reported if day - 2 * MONTH < one <= day - MONTH})
    return Fraction(now - before, before) if before else None
