"""The Markdown of one evidence pack, under the headings of its team's document.

What the data do not hold is left to a person and marked so; no line is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from customer_success.pages.words import counted, known, spoken

TO_FILL_IN = "_To be filled in by a person: the data do not say._"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Pack:
    """An open escalation (a row of `fct_escalations` by column name), its tickets, quotes and competitors.

    ``tickets``: ticket_id, issue_title, priority, status, created_at. ``quotes``: created_at, quote.
    """

    escalation: dict
    as_of_date: date
    reason: str
    tickets: Sequence[dict] = field(default_factory=tuple)
    quotes: Sequence[dict] = field(default_factory=tuple)
    competitors: Sequence[str] = field(default_factory=tuple)

    @property
    def file_name(self) -> str:
        """Name of its file: rule and id, so that it stays the same from build to build."""
        return f"{self.escalation['rule']}-{self.escalation['escalation_id']}.md"


def render(pack: Pack) -> str:
    """Return the pack as Markdown."""
    facts = pack.escalation
    title = f"# {spoken(facts['rule']).capitalize()}: {plain(facts['subject'])}"
    opened = (
        f"Priority **{facts['priority']}**, to {facts['team']}. Open since {facts['opened_on']:%Y-%m-%d};"
        f" evidence as of {pack.as_of_date:%Y-%m-%d}. Escalation `{facts['escalation_id']}`."
    )
    sections = [f"## {heading}\n\n{write(pack)}" for heading, write in HEADINGS[facts["team"]]]
    return "\n\n".join([title, opened, *sections]) + "\n"


def plain(text: object) -> str:
    """Return a text on one line, with Markdown's characters escaped: a customer's words format nothing."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def _summary(pack: Pack) -> str:
    facts = pack.escalation
    loss = " The household has since left or reduced its plan." if facts["is_loss"] else ""
    return f"{_size(facts)}. {plain(pack.reason)}.{loss}"


def _size(facts: dict) -> str:
    return f"{counted(facts['tickets'], 'ticket')} from {counted(facts['households'], 'household')}"


def _evidence(pack: Pack) -> str:
    facts = pack.escalation
    change = facts["change_30d"]
    lines = [
        f"Tickets: {facts['tickets']}",
        f"Households: {facts['households']}",
        f"First reported: {_moment(facts['first_reported_at'])}",
        f"Latest: {_moment(facts['latest_at'])}",
        "Tickets in 30 days against the 30 before: "
        + ("unknown, there were none before" if change is None else f"{change:+.0%}"),
    ]
    return _list(lines)


def _segments(pack: Pack) -> str:
    facts = pack.escalation
    plans = {plan: facts[f"{plan.lower()}_households"] for plan in ("Free", "Premium", "Enterprise")}
    unknown = facts["households"] - sum(plans.values())
    lines = [f"{plan}: {counted(number, 'household')}" for plan, number in plans.items()]
    lines += [f"Plan unknown: {counted(unknown, 'household')}"] if unknown else []
    return _list([*lines, f"Members: {known(facts['members'], ',')}"])


def _revenue(pack: Pack) -> str:
    facts = pack.escalation
    mrr = facts["mrr_at_risk"]
    return _list(
        [
            "MRR of these households: "
            + ("unknown for at least one of them" if mrr is None else f"{mrr:,.2f} a month"),
            f"Households at risk: {known(facts.get('at_risk_households'), ',')}",
        ]
    )


def _impact(pack: Pack) -> str:
    return "\n".join([_evidence(pack), _segments(pack), _revenue(pack)])


def _samples(pack: Pack) -> str:
    return (
        _list(
            f"`{ticket['ticket_id']}` {plain(ticket['issue_title'] or 'without a title')}"
            f" ({ticket['priority'] or 'no priority'}, {ticket['status']}, {_moment(ticket['created_at'])})"
            for ticket in pack.tickets
        )
        or "No ticket: the mentions are comments of surveys."
    )


def _quotes(pack: Pack) -> str:
    quoted = (f"> {plain(quote['quote'])}\n>\n> {_moment(quote['created_at'])}" for quote in pack.quotes)
    return "\n\n".join(quoted) or "No comment of a customer is in the data."


def _competitors(pack: Pack) -> str:
    return ", ".join(map(plain, pack.competitors)) or "None is named in these tickets."


def _urgency(pack: Pack) -> str:
    facts = pack.escalation
    age = (pack.as_of_date - facts["opened_on"]).days
    return f"{facts['priority'].capitalize()}; open for {counted(age, 'day')}."


def _left_to_a_person(pack: Pack) -> str:
    return TO_FILL_IN


HEADINGS: dict[str, tuple[tuple[str, Callable[[Pack], str]], ...]] = {
    "product": (
        ("Summary", _summary),
        ("Evidence", _evidence),
        ("Segments", _segments),
        ("Revenue at risk", _revenue),
        ("Sample tickets", _samples),
        ("Quotes", _quotes),
        ("Competitors", _competitors),
        ("Recommended action", _left_to_a_person),
        ("Expected impact", _left_to_a_person),
    ),
    "engineering": (
        ("Issue", _summary),
        ("Impact", _impact),
        ("Reproduction", _left_to_a_person),
        ("Errors", _left_to_a_person),
        ("Workaround", _left_to_a_person),
        ("Sample tickets", _samples),
        ("Quotes", _quotes),
        ("Urgency", _urgency),
    ),
}


def _moment(moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "unknown"


def _list(lines) -> str:
    return "\n".join(f"- {line}" for line in lines)
