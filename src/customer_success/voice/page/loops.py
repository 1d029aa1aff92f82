"""Closed loops: which answers and reviews a person followed up, in time or not."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_month, bars_by_name
from customer_success.pages.style import ACCENT, GREY, PALETTE, UNKNOWN
from customer_success.pages.words import counted, spoken

from .facts import Facts

STATUSES = {
    "on time": ACCENT,
    "late": PALETTE[4],
    "open": PALETTE[1],
    "overdue": PALETTE[5],
    "lapsed": GREY,
    "unobservable": UNKNOWN,
}
KINDS = {"resolution": "Unhappy answers", "champion": "Happy answers"}


def loops(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Loops by status, month by month, and what is open with whom."""
    title = "Closed loops"
    rows = rows_of(
        connection,
        """select kind, status, owner_id, cast(date_trunc('month', opened_at) as date) as month,
            count(*) as n
        from analytics.fct_feedback_loops group by all order by all""",
    )
    if not rows:
        return Section(title, "", [Panel("No answer or review calls for a follow-up yet.")])
    panels = []
    for kind, heading in KINDS.items():
        of = [row | {"part": spoken(row["status"])} for row in rows if row["kind"] == kind]
        about = "By month of the answer, and what became of it"
        if of:
            panels.append(bars_by_month(of, STATUSES, "answers", heading, about))
        else:
            panels.append(Panel("There is none yet.", heading=heading, about=about))
    panels.append(_waiting(rows))
    overdue = sum(row["n"] for row in rows if row["status"] == "overdue")
    waiting = sum(row["n"] for row in rows if row["status"] == "open")
    lead = f"{counted(overdue, 'loop')} overdue, {waiting:,} open and not yet due."
    due = {kind: _due(connection, kind) for kind in KINDS}
    lapse = counted(facts.vars["loop_lapse_days"], "day")
    reading = (
        f"Detractors, CSAT answers of 1–2 and bad reviews call for a person within {due['resolution']},"
        f" promoters and good reviews for thanks within {due['champion']}. Lapsed: not followed up in"
        f" {lapse}, or the household left first. Unobservable: there is neither a company in the CRM nor an"
        " organisation at the desk in which a follow-up could be seen, so it counts neither as done nor as"
        " missed."
    )
    return Section(title, lead, panels, reading)


def _due(connection: duckdb.DuckDBPyConnection, kind: str) -> str:
    """Times in which a loop of a kind is to be closed, from the shortest; they may differ by origin."""
    rows = rows_of(
        connection,
        "select distinct due_hours from rules.feedback_loop_rules where kind = ? order by due_hours",
        [kind],
    )
    return " or ".join(_hours(row["due_hours"]) for row in rows)


def _hours(hours: int) -> str:
    """Hours in words, whole days from two on as days."""
    days, rest = divmod(hours, 24)
    return counted(hours, "hour") if rest or days < 2 else counted(days, "day")


def _waiting(rows: list[dict]) -> Panel:
    heading = "Open and overdue, by manager"
    bars = [
        {"name": row["owner_id"] or "nobody", "part": row["status"], "n": row["n"]}
        for row in rows
        if row["status"] in ("open", "overdue")
    ]
    if not bars:
        return Panel("Nothing is open or overdue.", heading=heading)
    bars.sort(key=lambda bar: (bar["name"], bar["part"]))
    return replace(bars_by_name(bars, STATUSES, "loops", heading), wide=True)
