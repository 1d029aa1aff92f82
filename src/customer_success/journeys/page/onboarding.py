"""Onboarding: completed in time by cohort, how far the starts came, which steps were done."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.intervals import estimates_by_month
from customer_success.pages.style import ACCENT, GREY, PALETTE, UNKNOWN
from customer_success.pages.words import counted, estimate, known, percent, spoken

from .facts import Facts

STATUSES = {
    "completed": ACCENT,
    "in progress": PALETTE[4],
    "not started": UNKNOWN,
    "stalled": PALETTE[1],
    "abandoned": PALETTE[5],
    "churned": GREY,
}
COLUMNS = (
    "month of start",
    "starts",
    "first value in {days}",
    "median days to it",
    "completed in time (95% interval)",
    "completed by now",
    "stalled",
)
DONE = {"done": ACCENT, "not done": UNKNOWN}


def onboarding(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Each program by month of start, with intervals; status and steps of its starts."""
    title = "Onboarding"
    cohorts = rows_of(connection, "select * from analytics.rpt_onboarding order by program, start_month")
    status = rows_of(
        connection,
        """select program, status, count(*) as n from analytics.fct_onboarding
        where is_current group by all order by all""",
    )
    if not status:
        return Section(title, "", [Panel("No household has begun an onboarding program yet.")])
    bars = [{"name": spoken(row["program"]), "part": spoken(row["status"]), "n": row["n"]} for row in status]
    days = counted(facts.vars["first_value_days"], "day")
    columns = [column.format(days=days) for column in COLUMNS]
    panels = [bars_by_name(bars, STATUSES, "starts", "How far they came", "Latest start of each household")]
    for program in dict.fromkeys(row["program"] for row in status):
        of = [row for row in cohorts if row["program"] == program]
        panels.append(_cohorts(program, of, columns))
    panels += _steps(connection)
    reading = (
        "A cohort is the starts of a month whose program length is over. The interval is that of the share"
        " completed in time; a cohort of a few starts has a wide one. A step that nothing records counts as"
        " not done here, where progress leaves it out."
    )
    return Section(title, "", panels, reading)


def _cohorts(program: str, rows: list[dict], columns: list[str]) -> Panel:
    points = [
        {
            "month": row["start_month"],
            "value": row["completed_in_time_rate"],
            "low": row["ci_low"],
            "high": row["ci_high"],
            "n": row["started"],
        }
        for row in rows
    ]
    about = "Share completed in time, by month of start"
    panel = estimates_by_month(points, spoken(program).capitalize(), about, (0, 1), ".0%", "starts")
    return replace(panel, columns=columns, rows=[_cohort(row) for row in rows])


def _cohort(row: dict) -> list:
    return [
        row["start_month"],
        row["started"],
        known(row["first_value_7d_rate"], percent),
        row["median_days_to_first_value"],
        estimate(row["completed_in_time_rate"], row["ci_low"], row["ci_high"], ".0%"),
        known(row["completed_rate"], percent),
        row["stalled"],
    ]


def _steps(connection: duckdb.DuckDBPyConnection) -> list[Panel]:
    rows = rows_of(
        connection,
        """select program, step, bool_or(is_required) as is_required, count(completed_on) as done,
            count(*) - count(completed_on) as not_done
        from analytics.fct_onboarding_steps group by all order by program, done desc, step""",
    )
    panels = []
    for program in dict.fromkeys(row["program"] for row in rows):
        bars = [
            {"name": _step(row), "part": part, "n": row[column]}
            for row in rows
            if row["program"] == program
            for part, column in (("done", "done"), ("not done", "not_done"))
        ]
        heading = f"{spoken(program).capitalize()}: steps"
        panels.append(bars_by_name(bars, DONE, "starts", heading, "Required steps have a star"))
    return panels


def _step(row: dict) -> str:
    return spoken(row["step"]) + (" *" if row["is_required"] else "")
