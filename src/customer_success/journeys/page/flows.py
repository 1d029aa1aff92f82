"""Flows between stages, and who left from which stage against what the documents state."""

from __future__ import annotations

from statistics import mode

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import count_tooltip
from customer_success.pages.intervals import estimates, point
from customer_success.pages.matrix import matrix
from customer_success.pages.words import counted, ends, estimate, percent, spoken

from .facts import JOURNEY, Facts

VERDICTS = {
    "consistent": "compatible with what is stated",
    "higher": "higher than stated",
    "lower": "lower than stated",
    "not_measurable": "not measurable",
    None: "nothing is stated",
}


def flows(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Matrix of transitions: rates of the journey, counts of the lifecycle."""
    panels = [_journey(connection), _lifecycle(connection, facts)]
    reading = (
        "From the stage on the left to the stage on top. A rate counts transitions per 30 days that"
        " households spent in the stage; its interval resamples households and needs 30 of them. Spells whose"
        " beginning is unknown are left out of the rates."
    )
    return Section("Flow between stages", "", panels, reading)


def _journey(connection: duckdb.DuckDBPyConnection) -> Panel:
    heading, about = "Journey", "Transitions per 30 days in the stage"
    rows = rows_of(
        connection, "select * from analytics.rpt_journey_transitions order by from_stage, to_stage"
    )
    rated = [row for row in rows if row["rate_per_30_days"] is not None]
    if not rated:
        return Panel("No household has changed its stage of the journey.", None, heading, about)
    cells = [
        {
            "down": spoken(row["from_stage"]),
            "across": spoken(row["to_stage"]),
            "value": row["rate_per_30_days"],
            "shown": f"{row['rate_per_30_days']:.3f}",
            "interval": ends(row["ci_low"], row["ci_high"], ".3f"),
            "transitions": row["transitions"],
            "households": row["households"],
        }
        for row in rated
    ]
    tooltip = [
        alt.Tooltip("down:N", title="from"),
        alt.Tooltip("across:N", title="to"),
        alt.Tooltip("value:Q", title="per 30 days", format=".4f"),
        alt.Tooltip("interval:N", title="95% interval"),
        count_tooltip("transitions", "transitions"),
        count_tooltip("households", "households"),
    ]
    table = [
        [
            spoken(row["from_stage"]),
            spoken(row["to_stage"]),
            row["transitions"],
            row["households"],
            row["days_at_risk"],
            estimate(row["rate_per_30_days"], row["ci_low"], row["ci_high"], ".4f"),
        ]
        for row in rows
    ]
    columns = ("from", "to", "transitions", "households", "days in the stage", "per 30 days (95% interval)")
    words = "Transitions per 30 days in the stage: " + ", ".join(
        f"{cell['down']} to {cell['across']} {cell['shown']} ({cell['interval']})" for cell in cells
    )
    stages = [spoken(stage) for stage in JOURNEY]
    return matrix(cells, stages, heading, about, tooltip, words + ".", columns, table)


def _lifecycle(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Panel:
    heading, about = "Lifecycle", "Transitions in the published history"
    rows = rows_of(
        connection,
        """select previous_stage, stage, count(*) as n, count(distinct household_id) as households
        from analytics.fct_lifecycle_stages where previous_stage is not null group by all order by all""",
    )
    if not rows:
        return Panel("No household has changed its stage of the lifecycle.", None, heading, about)
    cells = [
        {
            "down": spoken(row["previous_stage"]),
            "across": spoken(row["stage"]),
            "value": row["n"],
            "shown": f"{row['n']:,}",
            "households": row["households"],
        }
        for row in rows
    ]
    tooltip = [
        alt.Tooltip("down:N", title="from"),
        alt.Tooltip("across:N", title="to"),
        count_tooltip("value", "transitions"),
        count_tooltip("households", "households"),
    ]
    words = f"{about}: " + ", ".join(f"{cell['down']} to {cell['across']} {cell['shown']}" for cell in cells)
    table = [[cell["down"], cell["across"], cell["value"], cell["households"]] for cell in cells]
    columns = ("from", "to", "transitions", "households")
    stages = [spoken(stage) for stage in facts.lifecycle]
    return matrix(cells, stages, heading, about, tooltip, words + ".", columns, table)


def drop_off(connection: duckdb.DuckDBPyConnection, _: Facts) -> Section:
    """Share that left from each stage, beside the share that the documents state."""
    title = "Losses by stage"
    rows = rows_of(connection, "select * from analytics.rpt_journey_drop_off order by stage")
    if not any(row["drop_off_rate"] is not None for row in rows):
        return Section(title, "", [Panel("No stage was entered long enough ago to be measured.")])
    order = ["awareness", *JOURNEY]
    rows.sort(key=lambda row: order.index(row["stage"]) if row["stage"] in order else len(order))
    points = [
        point(
            spoken(row["stage"]),
            _label(row),
            row["drop_off_rate"],
            row["ci_low"],
            row["ci_high"],
            row["stated_rate"],
        )
        for row in rows
    ]
    table = [
        [
            spoken(row["stage"]),
            row["n"],
            row["left_count"],
            estimate(row["drop_off_rate"], row["ci_low"], row["ci_high"], ".1%"),
            "nothing" if row["stated_rate"] is None else percent(row["stated_rate"]),
            VERDICTS.get(row["verdict"], spoken(row["verdict"] or "")),
        ]
        for row in rows
    ]
    panel = estimates(
        points,
        "Share that left",
        _within(connection),
        alt.Axis(format="%", title="share that left", tickCount=5),
        alt.Scale(domain=[0, 1]),
        ("stage", "entered", "left", "share (95% interval)", "stated", "verdict"),
        table,
    )
    reading = (
        "For onboarding the share is that of quick_start that was not completed. The documents state each"
        " share of its own quantity; the verdict says whether the stated share lies in the interval."
    )
    return Section(title, "", [panel], reading)


def _within(connection: duckdb.DuckDBPyConnection) -> str:
    """Days within which leaving counts: those of most stages, and the stages that have others; or nothing."""
    rows = rows_of(
        connection,
        "select stage, within_days from rules.journey_drop_offs where within_days is not null"
        " order by stage_order",
    )
    if not rows:
        return ""
    usual = mode(row["within_days"] for row in rows)
    others = [
        f", {spoken(row['stage'])} within {row['within_days']}" for row in rows if row["within_days"] != usual
    ]
    return f"Within {counted(usual, 'day')} of entering the stage{''.join(others)}"


def _label(row: dict) -> str:
    stated = "" if row["stated_rate"] is None else f"; stated {percent(row['stated_rate'])}"
    if row["drop_off_rate"] is None:
        n = "" if row["n"] is None else f", n = {row['n']:,}"
        return f"not measured{n}{stated}"
    measured = estimate(row["drop_off_rate"], row["ci_low"], row["ci_high"], ".0%")
    return f"{measured}, n = {row['n']:,}{stated}"
