"""Surveys: what was decided when they fell due, and how many were answered."""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.intervals import estimates_by_month
from customer_success.pages.style import ACCENT, GREY, PALETTE, UNKNOWN
from customer_success.pages.words import counted, spoken

from .facts import Facts

DECISIONS = {
    "already sent": ACCENT,
    "send": PALETTE[2],
    "missed": PALETTE[5],
    "too soon": PALETTE[1],
    "outranked": PALETTE[3],
    "not in audience": PALETTE[4],
    "not a customer": GREY,
    "opted out": UNKNOWN,
}


def surveys(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Decisions by type and trigger, and response rates by month with their intervals."""
    title = "Surveys"
    rows = rows_of(
        connection,
        """select survey_type, trigger, decision, count(*) as n from analytics.fct_survey_decisions
        group by all order by all""",
    )
    if not rows:
        return Section(title, "", [Panel("No survey has fallen due yet.")])
    about = f"In the last {counted(facts.vars['survey_days'], 'day')}"
    panels = [
        _decisions(rows, "survey_type", "Decisions by type", about),
        _decisions(rows, "trigger", "Decisions by trigger", about),
    ]
    funnel = rows_of(
        connection, "select * from analytics.rpt_survey_funnel order by survey_type, month_start"
    )
    for kind in dict.fromkeys(row["survey_type"] for row in funnel):
        points = [
            {
                "month": row["month_start"],
                "value": row["response_rate"],
                "low": row["ci_low"],
                "high": row["ci_high"],
                "n": row["sent"],
            }
            for row in funnel
            if row["survey_type"] == kind
        ]
        about = "Share of the surveys sent that were answered, by month"
        panels.append(estimates_by_month(points, f"{kind}: answered", about, (0, 1), ".0%", "surveys sent"))
    send = sum(row["n"] for row in rows if row["decision"] == "send")
    lead = (
        f"{counted(send, 'survey is', 'surveys are')} to be sent today."
        if send
        else "None is to be sent today."
    )
    late = counted(facts.vars["survey_send_days"], "day")
    reading = (
        "Each survey that fell due has one decision, so none is dropped in silence. Missed: due more than"
        f" {late} ago and not sent. A month in which none of a type was sent has no rate."
    )
    return Section(title, lead, panels, reading)


def _decisions(rows: list[dict], name: str, heading: str, about: str) -> Panel:
    bars = [{"name": spoken(row[name]), "part": spoken(row["decision"]), "n": row["n"]} for row in rows]
    return bars_by_name(bars, DECISIONS, "surveys", heading, about)
