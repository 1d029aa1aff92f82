"""How many households are in which stage: now, and Sunday by Sunday."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.charts import colour, count_tooltip, data, day_tooltip, sized, time_axis
from customer_success.pages.style import ACCENT
from customer_success.pages.words import counted, listed, spoken

from .facts import CHURNED, JOURNEY, LIFECYCLE, Facts

NONE = "No household is in a stage of the {} yet."
# A truncated spell was running on the first Sunday of the history; before that day nobody is counted.
ON_SUNDAYS = """
select sundays.day, spells.stage, count(*) as n
from (
    select distinct score_date as day from analytics.fct_customer_health where dayofweek(score_date) = 0
) as sundays
inner join analytics.{table} as spells
    on (spells.entered_on <= sundays.day or spells.is_left_truncated)
    and (spells.left_on > sundays.day or spells.left_on is null)
group by all order by all
"""


def stages_now(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Households by stage today, of the journey and of the lifecycle."""
    panels, lead = [], []
    for kind, table, stages in _kinds(facts):
        rows = rows_of(
            connection,
            f"""select coalesce(stage_today, 'unknown') as stage, count(*) as n
            from analytics.{table} where is_current group by all""",
        )
        heading = f"Stages of the {kind}"
        if not rows:
            panels.append(Panel(NONE.format(kind), heading=heading))
            continue
        found = {row["stage"]: row["n"] for row in rows}
        order = [*stages, *sorted(set(found) - set(stages))]
        bars = [
            {"name": spoken(stage), "part": "households", "n": found[stage]}
            for stage in order
            if stage in found
        ]
        panels.append(bars_by_name(bars, {"households": ACCENT}, "households", heading))
        largest = max(found, key=lambda stage: (stage != CHURNED, found[stage]))
        lead.append(f"{counted(found[largest], 'household')} in {spoken(largest)} ({kind})")
    reading = (
        "The journey has seven stages, of which awareness lies before signup; the lifecycle is a state"
        " machine of nine. A household is in one stage of each."
    )
    words = f"Most of those that stay: {listed(lead)}." if lead else ""
    return Section("Where households stand today", words, panels, reading)


def stages_over_time(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Households by stage on each Sunday of the published history; those that left are in the table only."""
    panels = []
    for kind, table, stages in _kinds(facts):
        rows = rows_of(connection, ON_SUNDAYS.format(table=table))
        panels.append(_over_time(rows, kind, stages, JOURNEY if kind == "journey" else LIFECYCLE))
    reading = (
        "Stages are seen on Sundays. Households that have left are in the tables, not in the areas. A spell"
        " that was running on the first Sunday counts from that Sunday on."
    )
    return Section("Stages over time", "", panels, reading)


def _kinds(facts: Facts) -> list[tuple[str, str, list[str]]]:
    return [
        ("journey", "fct_journey_stages", list(JOURNEY)),
        ("lifecycle", "fct_lifecycle_stages", facts.lifecycle),
    ]


def _over_time(rows: list[dict], kind: str, stages: list[str], colours: dict[str, str]) -> Panel:
    heading = f"Stages of the {kind}, households on each Sunday"
    there = [stage for stage in stages if any(row["stage"] == stage for row in rows)]
    days = sorted({row["day"] for row in rows})
    staying = [stage for stage in there if stage != CHURNED]
    if not staying:
        return Panel(NONE.format(kind), heading=heading)
    counts = {day: dict.fromkeys(there, 0) for day in days}
    for row in rows:
        counts[row["day"]][row["stage"]] = row["n"]
    areas = [
        {"day": day, "stage": spoken(stage), "place": place, "n": counts[day][stage]}
        for day in days
        for place, stage in enumerate(staying)
    ]
    named = {spoken(stage): colours[stage] for stage in staying}
    chart = (
        alt.Chart(data(areas))
        .mark_area(stroke="white", strokeWidth=0.5)
        .encode(
            x=time_axis("day"),
            y=alt.Y("n:Q", title="households", stack="zero"),
            color=colour("stage", named),
            order=alt.Order("place:Q"),
            tooltip=[
                day_tooltip("day", "Sunday"),
                alt.Tooltip("stage:N", title="stage"),
                count_tooltip("n", "households"),
            ],
        )
    )
    last = counts[days[-1]]
    words = f"{heading}, {days[0]} to {days[-1]}; on the last: " + ", ".join(
        f"{spoken(stage)} {n:,}" for stage, n in last.items()
    )
    table = [[day, *of.values()] for day, of in counts.items()]
    columns = ("Sunday", *map(spoken, there))
    return Panel(words + ".", sized(chart, 260), heading, "", named, columns, table)
