"""All metrics of the latest periods that are over."""

from __future__ import annotations

from customer_success.pages import Panel, Section

from .facts import CALENDAR, Facts, period

COLUMNS = ("metric", "value", "95% interval", "sample", "unknown", "note")
TITLE = "All customers, latest periods"


def latest(facts: Facts) -> Section:
    """One table per grain: each metric over all customers, or why it is withheld."""
    panels = []
    for grain, name in facts.grains.items():
        if grain in CALENDAR and grain != "month":
            continue
        start = facts.last_start(grain)
        rows = facts.values(period_grain=grain, period_start=start, segment_type="all")
        if rows:
            panels.append(
                Panel(
                    "",
                    heading=f"{name.capitalize()}: {period(rows[0])}",
                    columns=COLUMNS,
                    rows=[table_row(facts, row) for row in rows],
                    wide=True,
                )
            )
    if not panels:
        return Section(TITLE, "", [Panel("No period is over yet.")])
    reading = (
        "The definition of a metric shows while the pointer is on its name. The sample is the number of"
        " households, answers, tickets or members behind the value; of the unknown ones data are missing."
    )
    return Section(TITLE, "", panels, reading)


def table_row(facts: Facts, row: dict) -> list:
    """A value with its interval and sample, or withheld with the reason."""
    return [
        facts.name(row["metric"]),
        facts.shown(row["metric"], row["value"]),
        facts.interval(row),
        row["sample_size"],
        "" if row["unknown_count"] is None else row["unknown_count"],
        row["note"] or "",
    ]
