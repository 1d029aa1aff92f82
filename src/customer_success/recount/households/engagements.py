"""Contact with customers that the CRM knows, whichever of its tables it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from .facts import Touch
from .rules import Rules
from .sifting import Staged, sift
from .values import day_number

KINDS = ("email", "meeting", "call", "communication")
EVENTS = {"sent": "sent", "open": "opened", "click": "clicked"}


def stage_engagements(staged: Staged, homes: dict[str, str], become: dict[str, str]) -> None:
    """Classify the rows of engagements, parents first.

    `homes`: the household of each company; `become`: the contact that a merged one has become.
    """
    for name in ("engagement_company", "engagement_contact"):
        sift(staged, f"hubspot.{name}")
    raw = staged.raw["hubspot", "engagement"]
    if raw["event"].isna().all():  # then what happened and when is in the tables of its kind
        staged.raw["hubspot", "engagement"] = raw.iloc[:0]
    sift(staged, "hubspot.engagement", lambda frame: frame["company_id"].map(homes))
    rows = staged["hubspot.engagement"]
    rows["contact_id"] = [become.get(name, name) for name in rows["contact_id"]]
    links = _links(staged, homes, become)
    owners = {engagement: home for engagement, (home, _) in links.items()}
    for kind in KINDS:
        name = f"hubspot.engagement_{kind}"
        sift(staged, name, lambda frame: frame["engagement_id"].map(owners))
        rows = staged[name]
        rows["contact_id"] = [links[engagement][1] for engagement in rows["engagement_id"]]
    for kind in EVENTS:
        sift(staged, f"hubspot.email_event_{kind}")
    contacts = staged["hubspot.contact"].sort_values("id", ascending=False)
    addresses = [(email or "").strip().lower() for email in contacts["email"]]
    people = dict(zip(addresses, zip(contacts["id"], contacts["household_id"], strict=True), strict=True))
    people.pop("", None)

    def person(frame: pd.DataFrame) -> list:
        return [people.get((text or "").strip().lower(), (None, None)) for text in frame["recipient"]]

    sift(
        staged,
        "hubspot.email_event",
        lambda frame: pd.Series([home for _, home in person(frame)], index=frame.index, dtype=object),
    )
    rows = staged["hubspot.email_event"]
    rows["contact_id"] = [name for name, _ in person(rows)]


def _links(staged: Staged, homes: dict[str, str], become: dict[str, str]) -> dict[str, tuple]:
    """Return (household, contact) of each engagement that leads to a household."""
    companies, people = defaultdict(list), defaultdict(list)
    for row in staged["hubspot.engagement_company"].itertuples(index=False):
        if row.company_id in homes:
            companies[row.engagement_id].append(row.company_id)
    contacts = staged["hubspot.contact"]
    known = dict(
        zip(contacts["id"], zip(contacts["buying_role"], contacts["household_id"], strict=True), strict=True)
    )
    for row in staged["hubspot.engagement_contact"].itertuples(index=False):
        name = become.get(row.contact_id, row.contact_id)
        if name in known:
            people[row.engagement_id].append((known[name][0] != "executive", name))
    found = {}
    for engagement in companies.keys() | people.keys():
        contact = min(people[engagement])[1] if people[engagement] else None
        company = min(companies[engagement], default=None)
        home = homes[company] if company is not None else known[contact][1]
        found[engagement] = (home, contact)
    return found


def touches(staged: Staged) -> Iterator[tuple[str, Touch]]:
    """Yield (household, touch) of all tables, in the words of hubspot.engagement."""
    for row in staged["hubspot.engagement"].itertuples(index=False):
        what = (row.type, row.event, row.message_id, row.contact_id, row.template)
        yield row.household_id, _touch(row.occurred_at, row.id, *what)
    for kind in KINDS:
        for row in staged[f"hubspot.engagement_{kind}"].itertuples(index=False):
            words = (*_words(kind, row), None, row.contact_id)
            template = template_of(row.title, staged.rules) if kind == "meeting" else None
            yield row.household_id, _touch(row.happened_at, row.engagement_id, *words, template)
    listed = {kind: set(staged[f"hubspot.email_event_{kind}"]["id"]) for kind in EVENTS}
    for row in staged["hubspot.email_event"].itertuples(index=False):
        kinds = [kind for kind in sorted(EVENTS) if row.id in listed[kind]] or [(row.type or "").lower()]
        if kinds[0] in EVENTS:
            message = row.id if kinds[0] == "sent" else row.sent_by_id
            words = ("email", EVENTS[kinds[0]], message, row.contact_id)
            yield row.household_id, _touch(row.created, row.id, *words)


def _words(kind: str, row) -> tuple[str, str]:
    if kind == "meeting":
        return "meeting", "held" if (row.outcome or "completed").lower() == "completed" else "invited"
    if kind == "call":
        return "call", "held"
    is_reply = kind == "email" and (row.type or "").lower() == "incoming_email"
    return "outreach", "replied" if is_reply else "sent"


def template_of(title: str | None, rules: Rules) -> str | None:
    """Return the template of a meeting's title: that of the first pattern that fits, without case."""
    words = (title or "").lower()
    return next((name for parts, name in rules.meeting_templates if _fits(words, parts)), None)


def _fits(words: str, pattern: str) -> bool:
    """Return whether a text fits a pattern in which a percent sign stands for any words."""
    parts = (re.escape(part) for part in pattern.lower().split("%"))
    return re.fullmatch(".*".join(parts), words, re.DOTALL) is not None


def _touch(
    at: pd.Timestamp, name: str, kind: str, event: str, message, contact, template: str | None = None
) -> Touch:
    return Touch(at, name, day_number(at), kind, event, message, contact, template)
