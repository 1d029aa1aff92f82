"""Read open escalations from the database of a build, and write their packs."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from customer_success.pages.database import rows_of

from .pack import Pack, render

OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700
_OPEN = "select * from analytics.fct_escalations where is_open order by rule, opened_on, escalation_id"
_REASONS = "select rule, reason from rules.escalation_rules"
_TICKETS = """
    select
        escalations.escalation_id,
        tickets.ticket_id,
        tickets.issue_title,
        tickets.priority,
        tickets.status,
        tickets.created_at
    from analytics.fct_escalations as escalations
    inner join analytics.fct_support_tickets as tickets
        on list_contains(escalations.sample_ticket_ids, tickets.ticket_id)
    where escalations.is_open
    order by tickets.created_at desc, tickets.ticket_id desc
"""
_QUOTES = "select escalation_id, created_at, quote from analytics.escalation_quotes order by quote_number"
_COMPETITORS = """
    select distinct
        escalations.escalation_id,
        unnest(string_split(tickets.competitor_mentioned, ', ')) as competitor
    from analytics.fct_escalations as escalations
    inner join intermediate.int_escalation_reports as reports
        on escalations.rule = reports.rule and escalations.subject = reports.subject
    inner join analytics.fct_support_tickets as tickets on reports.ticket_id = tickets.ticket_id
    where
        escalations.is_open
        and reports.counts_from <= $1
        and reports.counts_until > $1
        and tickets.competitor_mentioned is not null
    order by competitor
"""


def read_packs(connection: duckdb.DuckDBPyConnection) -> list[Pack]:
    """Return a pack per open escalation; duckdb.CatalogException where the build has no escalations."""
    ((as_of_date,),) = connection.execute("select max(as_of_date) from build.parameters").fetchall()
    reasons = {row["rule"]: row["reason"] for row in rows_of(connection, _REASONS)}
    tickets, quotes = (
        _by_escalation(rows_of(connection, _TICKETS)),
        _by_escalation(rows_of(connection, _QUOTES)),
    )
    competitors = _by_escalation(rows_of(connection, _COMPETITORS, [as_of_date]))
    return [
        Pack(
            escalation=row,
            as_of_date=as_of_date,
            reason=reasons[row["rule"]],
            tickets=tickets[row["escalation_id"]],
            quotes=quotes[row["escalation_id"]],
            competitors=[one["competitor"] for one in competitors[row["escalation_id"]]],
        )
        for row in rows_of(connection, _OPEN)
    ]


def write_packs(packs: Sequence[Pack], folder: Path) -> list[Path]:
    """Write the packs into ``folder``, remove those of closed escalations, and return the files written.

    A file is never readable by others, not even while it is written.
    """
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    folder.chmod(OWNER_ONLY_FOLDER)
    for earlier in folder.glob("*.md"):
        earlier.unlink()
    written = [folder / pack.file_name for pack in packs]
    for path, pack in zip(written, packs, strict=True):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(render(pack))
    return written


def _by_escalation(rows: list[dict]) -> dict[str, list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row["escalation_id"]].append(row)
    return found
