"""Escalations recounted: spells of each rule and subject, and the evidence on each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .escalation_rules import (
    ALL,
    COMPETITIVE,
    NEGATIVE_THEME,
    PERFORMANCE,
    Mention,
    Report,
    Rule,
    days_of,
    escalation_rules,
    performance_days,
    spells,
    theme_days,
)
from .households.rules import Rules

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
    rules: Rules
    at_risk: Callable[[str, int], bool] = lambda home, day: False

    @property
    def first(self) -> int:
        """The day of the first ticket or message."""
        return min((row.day for row in (*self.reports, *self.mentions)), default=self.last)


def escalations(company: Company) -> Iterator[dict]:
    """Yield the rows that are open on one of the days shown."""
    reports, last, customers = company.reports, company.last, company.customers
    for rule in escalation_rules(company.rules).values():
        if rule.name == NEGATIVE_THEME:
            found = theme_days(rule, company.mentions, last, customers)
        elif rule.name == PERFORMANCE:
            days = range(company.first, last + 1)
            found = {ALL: performance_days(rule, company.rules, reports, days, customers)}
        else:
            found = days_of(rule, reports, last, customers)
        for subject, days in found.items():
            yield from _rows(company, rule, subject, spells(days, last, rule.closes_after))


def _rows(company: Company, rule: Rule, subject: str, found: list[tuple[int, int | None]]) -> Iterator[dict]:
    shown = company.rules.whole("escalation_days")
    for opened, closed in found:
        if closed is not None and closed <= company.last - shown + 1:
            continue
        is_loss = _is_loss(company, subject) if rule.name == COMPETITIVE else None
        yield {
            "rule": rule.name,
            "subject_kind": rule.kind,
            "team": rule.team,
            "priority": rule.loss_priority if is_loss else rule.priority,
            "subject": subject,
            "is_loss": is_loss,
            "opened_on": opened,
            "closed_on": closed,
            "is_open": closed is None,
            **_evidence(company, rule, subject, company.last if closed is None else closed - 1),
        }


def _is_loss(company: Company, ticket: str) -> bool:
    """Return whether a household was lost, in part or whole, within some days of its ticket."""
    report = next(one for one in company.reports if one.ticket == ticket)
    until = min(report.day + company.rules.whole("escalation_loss_days"), company.last)
    return any(report.day <= day <= until for day in company.losses(report.household))


def counted_on(company: Company, name: str, subject: str, day: int) -> list:
    """List the tickets, or the negative mentions, that count at the end of a day, earliest first."""
    rule = escalation_rules(company.rules)[name]
    return _counted(rule, _every(company, rule, subject, day), day)


def _counted(rule: Rule, every: list, day: int) -> list:
    """List those of them that are in the window of the rule."""
    return every if rule.kind == "ticket" else [one for one in every if day - rule.days < one.day]


def _every(company: Company, rule: Rule, subject: str, day: int) -> list:
    """List the tickets or negative mentions of a subject by the end of a day, earliest first."""
    if rule.name != NEGATIVE_THEME:
        return sorted(_about(company, rule, subject, day), key=lambda r: (r.at, r.ticket))
    own = [m for m in company.mentions if m.theme == subject and m.polarity == "negative" and m.day <= day]
    return sorted(own, key=lambda m: (m.at, m.message))


def _evidence(company: Company, rule: Rule, subject: str, day: int) -> dict:
    """Count what an escalation rests on at the end of a day."""
    every = _every(company, rule, subject, day)
    counted = _counted(rule, every, day)
    tickets = list(dict.fromkeys(one.ticket for one in reversed(counted) if one.ticket))
    return {
        "tickets": len(tickets),
        **_who(company, [(one.household, one.plan) for one in counted], day),
        "first_reported_at": min((one.at for one in every), default=None),
        "latest_at": max((one.at for one in every), default=None),
        "sample_ticket_ids": tickets[: company.rules.whole("escalation_samples")] or None,
        "change_30d": _change(
            {(one.ticket, one.day) for one in every if one.ticket},
            day,
            company.rules.whole("escalation_change_days"),
        ),
    }


def _about(company: Company, rule: Rule, subject: str, day: int) -> Iterator[Report]:
    """Yield the tickets of a subject that are known at a day."""
    for report in company.reports:
        state = report.at_day(day)
        if report.day > day or state is None:
            continue
        if rule.kind == "ticket":
            is_one = report.ticket == subject
        else:
            is_one = rule.fits(report, state) and subject in (ALL, state.issue)
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


def _change(reported: Iterable[tuple[str, int]], day: int, length: int) -> Fraction | None:
    """Compare the tickets reported in so many days with those of as many before."""
    now = len({ticket for ticket, one in reported if day - length < one <= day})
    before = len({ticket for ticket, one in reported if day - 2 * length < one <= day - length})
    return Fraction(now - before, before) if before else None
