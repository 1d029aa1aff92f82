"""Escalations of the whole company, recounted from staged tickets and the proved marts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import duckdb
import numpy as np
import pandas as pd

from customer_success.recount.drawn import Drawn
from customer_success.recount.escalation_rules import NEGATIVE_THEME, Mention, Report, State
from customer_success.recount.escalations import Company, counted_on, escalations
from customer_success.recount.households import desk
from customer_success.recount.households.billing import Timeline
from customer_success.recount.households.billing_tables import plan_move
from customer_success.recount.households.facts import World, as_date
from customer_success.recount.households.rules import SOLVED, Rules
from customer_success.recount.households.themes import has_word
from customer_success.recount.households.values import FAR, NEVER, day_number

from .held import Held, of_rows


def escalated(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Recount escalations and their quotes; registers a relation of each in the connection."""
    company = company_of(connection, found)
    rows = list(escalations(company))
    shown = [
        row | {name: _day(row[name]) for name in ("opened_on", "closed_on")} | {"change_30d": _float(row)}
        for row in rows
    ]
    key = ("rule", "subject", "opened_on")
    yield of_rows(connection, "fct_escalations", key, shown)
    quotes = list(_quotes(connection, company, rows))
    yield of_rows(connection, "escalation_quotes", (*key, "quote_number"), quotes, shown=QUOTED)


QUOTED = """(
    select quotes.*, rule, subject, opened_on from analytics.escalation_quotes as quotes
    join analytics.fct_escalations using (escalation_id)
)"""


def _day(day: int | None):
    return None if day is None else as_date(day)


def _float(row: dict) -> float | None:
    return None if row["change_30d"] is None else float(row["change_30d"])


def company_of(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Company:
    """Assemble what escalations are judged by."""
    world = found.world
    reports = tuple(_reports(connection, world))
    churns = _days(connection, "select household_id, churned_at from analytics.fct_churn_events")
    lost: dict[str, set[int]] = {}

    def losses(home: str) -> set[int]:
        if home not in lost:
            lost[home] = {*churns.get(home, ()), *_billing_losses(world.lines[home], world.rules)}
        return lost[home]

    return Company(
        last=world.as_of,
        reports=reports,
        mentions=tuple(_mentions(connection, world)),
        customers=customers_on(connection),
        members=_members(connection),
        mrr=lambda home, day: world.lines[home].at(day).mrr,
        losses=losses,
        at_risk=_at_risk(connection, world.as_of),
        rules=world.rules,
    )


def _days(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for home, day in connection.execute(query).fetchall():
        rows[home].append(day_number(day))
    return rows


def _billing_losses(line: Timeline, rules: Rules) -> Iterator[int]:
    """Yield the days of downgrades by a paying side, of ends of paying and of scheduled cancellations."""
    for day, before, after in line.changes():
        if plan_move(before, after, rules) < 0 or (before.paying and not after.in_force):
            yield day
    for one in line.subscriptions.values():
        leaving = False
        for version in one.versions:
            if version.leaving and not leaving:
                yield version.day
            leaving = version.leaving


def customers_on(connection: duckdb.DuckDBPyConnection) -> Callable[[int], int]:
    """Return the number of customers at the end of a day, from signups, churns and returns."""
    moves = connection.execute(
        "with homes as (from analytics.dim_households where is_active or churn_count > 0)"
        " select signup_date, 1 from homes"
        " union all select churned_at, -1 from analytics.fct_churn_events"
        " union all select reactivated_at, 1 from analytics.fct_churn_events where reactivated_at is not null"
    ).fetchall()
    moves = sorted((day_number(day), change) for day, change in moves)
    days = [day for day, _ in moves]
    sums = np.cumsum([change for _, change in moves]).tolist()

    def count(day: int) -> int:
        place = bisect_right(days, day)
        return sums[place - 1] if place else 0

    return count


def _at_risk(connection: duckdb.DuckDBPyConnection, last: int):
    """Return whether a household is at risk: by its stage of the last day, before that by its spells."""
    today, spells = set(), defaultdict(list)
    for home, entered, left, stage, now in connection.execute(
        "select household_id, entered_on, left_on, stage, if(is_current, stage_today, null)"
        " from analytics.fct_lifecycle_stages where 'at_risk' in (stage, stage_today)"
    ).fetchall():
        if now == "at_risk":
            today.add(home)
        if stage == "at_risk":
            begun = NEVER if entered is None else day_number(entered)
            spells[home].append((begun, FAR if left is None else day_number(left)))

    def is_at_risk(home: str, day: int) -> bool:
        if day == last:
            return home in today
        return any(begun <= day < end for begun, end in spells[home])

    return is_at_risk


def _members(connection: duckdb.DuckDBPyConnection):
    spells: dict[str, list[tuple]] = defaultdict(list)
    for home, user, joined, left in connection.execute(
        "select household_id, user_id, joined_date, left_date from staging.stg_app__household_members"
    ).fetchall():
        spells[home].append((user, day_number(joined), FAR if left is None else day_number(left)))
    return lambda home, day: len({user for user, joined, left in spells[home] if joined <= day < left})


def _reports(connection: duckdb.DuckDBPyConnection, world: World) -> Iterator[Report]:
    history: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for ticket, name, value, moment in connection.execute(
        "select ticket_id, field_name, field_value, updated_at from staging.stg_zendesk__ticket_field_history"
        " where field_name in ('status', 'tags', 'priority') order by updated_at"
    ).fetchall():
        history[ticket][name].append((pd.Timestamp(moment), value))
    tags: dict[str, list[str]] = defaultdict(list)
    for ticket, tag in connection.execute(
        "select ticket_id, tag from staging.stg_zendesk__ticket_tag"
    ).fetchall():
        tags[ticket].append(tag)
    for row in connection.execute(
        "select ticket_id, household_id, created_at, status, priority, subject, description,"
        " is_listed_as_merged from staging.stg_zendesk__ticket where household_id is not null"
    ).fetchall():
        name, home, at, status, priority, *texts, listed = row
        day = day_number(at)
        course = history[name]
        states = tuple(
            _state(moment, day, course, tags[name], (status, priority), texts, listed, world.rules)
            for moment in sorted({day, *(day_number(m) for rows in course.values() for m, _ in rows)})
            if moment >= day
        )
        plan = world.lines[home].at(day).plan if home in world.lines else None
        yield Report(name, home, pd.Timestamp(at), day, plan, states)


def _state(day, created, course, plain, present, texts, listed, rules: Rules) -> State:
    """Return what was known of a ticket at the end of a day."""
    known = {name: [pair for pair in rows if day_number(pair[0]) <= day] for name, rows in course.items()}
    tags = plain
    if course.get("tags"):
        tags = (desk.latest(known["tags"]) or "").split()
    status = present[0]
    if course.get("status"):
        status = desk.status_course(known["status"], "new")[0]
    own = desk.latest(known["priority"]) if course.get("priority") else present[1]
    levels = (desk.strongest(tags, dimension, rules) for dimension in ("urgency", "impact"))
    issues = desk.levels_named(tags, "issue", rules)
    return State(
        day=day,
        category=next(iter(desk.levels_named(tags, "category", rules)), None),
        issue=issues[0] if issues else None,
        priority=rules.priority(*levels, own),
        competitor=bool(desk.levels_named(tags, "competitor", rules)),
        security=_is_security(tags, texts, rules),
        is_open=status not in SOLVED,
        is_merged=bool(listed) or bool(desk.levels_named(tags, "merged", rules)),
    )


def _is_security(tags: Iterable[str], texts: Iterable[str | None], rules: Rules) -> bool:
    """Return whether a tag, or a word in subject or text, tells of a breach."""
    rows = rules.rows("voice/security_words")
    words = tuple(row["word"] for row in rows if row["kind"] == "text")
    named = {row["word"] for row in rows if row["kind"] == "tag"}
    return not named.isdisjoint(tags) or any(has_word(text, words) for text in texts)


def _mentions(connection: duckdb.DuckDBPyConnection, world: World) -> Iterator[Mention]:
    for home, at, theme, polarity, message, ticket in connection.execute(
        "select themes.household_id, themes.created_at, theme, polarity, message_id, ticket_id"
        " from analytics.fct_comment_themes as themes left join staging.stg_zendesk__ticket_comment"
        " on message_id = 'ticket_comment:' || comment_id"
    ).fetchall():
        day = day_number(at)
        plan = world.lines[home].at(day).plan if home in world.lines else None
        yield Mention(home, pd.Timestamp(at), day, theme, polarity, message, ticket, plan)


def _quotes(connection: duckdb.DuckDBPyConnection, company: Company, rows: list[dict]) -> Iterator[dict]:
    """Yield the latest comments of customers on the tickets, or with the mentions, of each escalation."""
    of_ticket: dict[str, list] = defaultdict(list)
    text: dict[str, tuple] = {}
    for message, ticket, at, body in connection.execute(
        "select message_id, comments.ticket_id, messages.created_at, coalesce(body, comment)"
        " from analytics.fct_message_sentiment as messages"
        " left join staging.stg_zendesk__ticket_comment as comments"
        " on message_id = 'ticket_comment:' || comment_id"
        " left join staging.stg_survey__response on message_id = 'survey_response:' || response_id"
    ).fetchall():
        text[message] = (ticket, body)
        if ticket and (body or "").strip():
            of_ticket[ticket].append((pd.Timestamp(at), message))
    shown, length = (company.rules.whole(f"escalation_{name}") for name in ("samples", "quote_length"))
    for row in rows:
        day = company.last if row["closed_on"] is None else row["closed_on"] - 1
        counted = counted_on(company, row["rule"], row["subject"], day)
        if row["rule"] == NEGATIVE_THEME:
            found = [(one.at, one.message) for one in counted]
        else:
            found = [c for r in counted for c in of_ticket[r.ticket] if day_number(c[0]) <= day]
        found = sorted(found, key=lambda pair: pair[1])
        found.sort(key=lambda pair: pair[0], reverse=True)
        for place, (at, message) in enumerate(found[:shown], 1):
            yield {
                "rule": row["rule"],
                "subject": row["subject"],
                "opened_on": as_date(row["opened_on"]),
                "quote_number": place,
                "message_id": message,
                "created_at": at,
                "ticket_id": text[message][0],
                "quote": text[message][1][:length],
            }
