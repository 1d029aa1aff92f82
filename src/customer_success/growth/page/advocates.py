"""Advocates: by tier, by what they did, and by id."""

from __future__ import annotations

import json

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.style import ACCENT, PALETTE
from customer_success.pages.words import spoken

FIRST = 20  # households that are listed; the table of the build has all
WAYS = {"not rewarded": ACCENT, "rewarded": PALETTE[1]}


def advocates(connection: duckdb.DuckDBPyConnection, _: dict[str, object]) -> Section:
    """Households by tier, activities by whether they were rewarded, and the first by points."""
    title = "Advocates"
    rows = rows_of(
        connection, "select * from analytics.dim_advocates order by points_earned desc, household_id"
    )
    if not rows:
        return Section(title, "", [Panel("No household has earned points yet.")])
    bars = [{"name": row["tier"], "part": "households", "n": 1} for row in rows]
    panels = [
        bars_by_name(bars, {"households": ACCENT}, "households", "Tiers", "By points earned"),
        _activities(rows),
        _listing(rows),
    ]
    reading = (
        "What was rewarded with money or credit is marked as rewarded wherever it is shown. Reviews earn"
        " nothing and are not among the activities."
    )
    return Section(title, "", panels, reading)


def _done(row: dict) -> list[dict]:
    return json.loads(row["activities"] or "[]")


def _way(activity: dict) -> str:
    return "rewarded" if activity["is_rewarded"] else "not rewarded"


def _activities(rows: list[dict]) -> Panel:
    heading = "What they did"
    bars = [
        {"name": spoken(one["activity"]), "part": _way(one), "n": one["times"]}
        for row in rows
        for one in _done(row)
    ]
    if not bars:
        return Panel("No activity is recorded.", heading=heading)
    bars.sort(key=lambda bar: (bar["name"], bar["part"]))
    return bars_by_name(bars, WAYS, "times", heading)


def _listing(rows: list[dict]) -> Panel:
    table = [
        [
            row["household_id"],
            row["tier"],
            row["points_earned"],
            row["points_spent"],
            row["points"],
            "; ".join(f"{spoken(one['activity'])} {one['times']} × ({_way(one)})" for one in _done(row)),
            row["since"],
        ]
        for row in rows[:FIRST]
    ]
    columns = ("household", "tier", "points earned", "spent", "left", "activities", "since")
    heading = f"The first {FIRST} of {len(rows)} by points" if len(rows) > FIRST else "By points"
    return Panel("", heading=heading, columns=columns, rows=table, wide=True)
