"""Open opportunities: how many of which type, what they are worth, and what became of earlier ones."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import BAR, bars_by_name
from customer_success.pages.charts import count_tooltip, data, sized
from customer_success.pages.style import ACCENT, GREY, INK, PALETTE, UNKNOWN
from customer_success.pages.words import counted, money, spoken

STATUSES = {"open": PALETTE[4], "won": PALETTE[2], "lost": PALETTE[5], "expired": UNKNOWN}
BY_TYPE = """
select opportunity_type, sum(open_opportunities) as n, sum(value) as value,
    sum(unknown_value) as unknown_value
from analytics.rpt_expansion_pipeline group by all order by n desc, opportunity_type
"""
BY_OWNER = """
select coalesce(owner_id, 'nobody') as owner, opportunity_type, timing, open_opportunities, households, value,
    unknown_value, sum(open_opportunities) over (partition by owner_id) as open_of_owner
from analytics.rpt_expansion_pipeline order by owner_id nulls last, open_opportunities desc, opportunity_type
"""


def pipeline(connection: duckdb.DuckDBPyConnection, _: dict[str, object]) -> Section:
    """Open opportunities by type and timing, their value, and the outcome of all."""
    title = "Opportunities"
    types = rows_of(connection, BY_TYPE)
    outcomes = rows_of(
        connection,
        """select opportunity_type, status as part, count(*) as n from analytics.expansion_opportunities
        group by all order by opportunity_type, status""",
    )
    if not outcomes:
        return Section(title, "", [Panel("No opportunity has been identified yet.")])
    bars = [row | {"name": spoken(row["opportunity_type"])} for row in outcomes]
    all_of_them = bars_by_name(
        bars, STATUSES, "opportunities", "What became of them", "All of the published history, by type"
    )
    if not types:
        return Section(title, "No opportunity is open.", [all_of_them])
    owners = rows_of(connection, BY_OWNER)
    when = [{"name": spoken(row["timing"]), "part": "open", "n": row["open_opportunities"]} for row in owners]
    when.sort(key=lambda bar: bar["name"])
    panels = [
        _value(types),
        bars_by_name(when, {"open": ACCENT}, "open opportunities", "When to speak of them", "By timing"),
        all_of_them,
        _owners(owners),
    ]
    n = sum(row["n"] for row in types)
    lead = f"{counted(int(n), 'opportunity is', 'opportunities are')} open."
    reading = (
        "The value is the MRR that an opportunity would add, as of the day it was identified. Of a household"
        " with several it stands once, on the type of the highest. It is not multiplied by any probability."
    )
    return Section(title, lead, panels, reading)


def _value(types: list[dict]) -> Panel:
    heading, about = "Open now", "Opportunities, in brackets their value a month"
    rows = [
        row | {"name": spoken(row["opportunity_type"]), "n": int(row["n"]), "label": _label(row)}
        for row in types
    ]
    axis = alt.Axis(domain=False, ticks=False, labelPadding=8, labelLimit=140)
    y = alt.Y("name:N", sort=[row["name"] for row in rows], title=None, axis=axis)
    tooltip = [
        alt.Tooltip("name:N", title="type"),
        count_tooltip("n", "open opportunities"),
        alt.Tooltip("value:Q", title="value a month", format=",.2f"),
        count_tooltip("unknown_value", "of unknown value"),
    ]
    most = max(row["n"] for row in rows)
    x = alt.X("n:Q", title="open opportunities", scale=alt.Scale(domain=[0, most * 1.6], nice=False))
    base = alt.Chart(data(rows)).encode(y=y)
    chart = alt.layer(
        base.mark_bar(color=ACCENT, height={"band": 0.7}).encode(x=x, tooltip=tooltip),
        base.mark_text(align="left", dx=5, color=INK).encode(x="n:Q", text="label:N"),
    )
    words = "Open opportunities by type: " + ", ".join(f"{row['name']} {row['label']}" for row in rows) + "."
    columns = ("type", "open", "value a month", "of unknown value")
    table = [[row["name"], row["n"], money(row["value"]), int(row["unknown_value"])] for row in rows]
    return Panel(words, sized(chart, BAR * len(rows) + 12), heading, about, {}, columns, table)


def _label(row: dict) -> str:
    """Short enough for a narrow screen."""
    if row["value"] is None:
        return f"{int(row['n']):,} (unknown)"
    unknown = f" and {int(row['unknown_value']):,} unknown" if row["unknown_value"] else ""
    return f"{int(row['n']):,} ({row['value']:,.0f}{unknown})"


def _owners(rows: list[dict]) -> Panel:
    columns = ("manager", "type", "timing", "open", "households", "value a month", "of unknown value")
    most_first = sorted(rows, key=lambda row: (-row["open_of_owner"], row["owner"]))
    bars = [{"name": row["owner"], "part": "open", "n": row["open_opportunities"]} for row in most_first]
    panel = bars_by_name(bars, {"open": GREY}, "open opportunities", "Whose they are", "By manager")
    table = [
        [
            row["owner"],
            spoken(row["opportunity_type"]),
            spoken(row["timing"]),
            row["open_opportunities"],
            row["households"],
            money(row["value"]),
            row["unknown_value"],
        ]
        for row in rows
    ]
    return replace(panel, columns=columns, rows=table)
