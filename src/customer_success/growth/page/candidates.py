"""Candidates by program: whom to ask, for which reason, in which order."""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.style import ACCENT
from customer_success.pages.words import spoken

FIRST = 5  # households that are listed by program; the table of the build has all


def candidates(connection: duckdb.DuckDBPyConnection, _: dict[str, object]) -> Section:
    """Households by program and reason, and the first of each program by id."""
    title = "Candidates"
    counts = rows_of(
        connection,
        """select program, reason, count(*) as n from analytics.fct_growth_candidates
        group by all order by program, n desc, reason""",
    )
    if not counts:
        return Section(title, "", [Panel("No household is a candidate for a program today.")])
    programs: dict[str, list[dict]] = {}
    for row in counts:
        bar = {"name": spoken(row["reason"]), "part": "households", "n": row["n"]}
        programs.setdefault(row["program"], []).append(bar)
    panels = []
    for program, bars in programs.items():
        heading = spoken(program).capitalize()
        panels.append(bars_by_name(bars, {"households": ACCENT}, "households", heading, "By reason"))
    first = rows_of(
        connection,
        """select program, rank, household_id, reason, angle, offer, owner_id
        from analytics.fct_growth_candidates
        qualify row_number() over (partition by program order by rank, household_id) <= ?
        order by program, rank, household_id""",
        [FIRST],
    )
    table = [
        [
            spoken(row["program"]),
            row["rank"],
            row["household_id"],
            *(spoken(row[name] or "none") for name in ("reason", "angle", "offer")),
            row["owner_id"] or "nobody",
        ]
        for row in first
    ]
    columns = ("program", "rank", "household", "reason", "angle", "offer", "manager")
    heading = f"The first {FIRST} of each program"
    listing = Panel("", heading=heading, columns=columns, rows=table, wide=True)
    reading = (
        "Cross-sell of what the plan contains already is a tip (feature adoption), no offer. Advocates are"
        " ranked within their manager. Nobody is offered anything for a review."
    )
    return Section(title, "", [*panels, listing], reading)
