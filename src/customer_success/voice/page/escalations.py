"""Escalations to product and engineering on a line of time."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, count_tooltip, data, sized, time_axis
from customer_success.pages.style import PALETTE
from customer_success.pages.words import counted, known, money, spoken

from .facts import Facts

SHOWN = 40  # lines of the chart, the open ones first; the table has all
PRIORITIES = {"critical": "#a51d23", "high": PALETTE[1], "medium": PALETTE[0]}
ROW = 34  # pixels per line
COLUMNS = (
    "rule",
    "subject",
    "team",
    "priority",
    "opened",
    "closed",
    "tickets",
    "households",
    "members",
    "MRR at risk",
    "change in {days}",
    "first reported",
)


def escalations(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """A bar per escalation from the day it opened to the day it closed."""
    title = "Escalations"
    rows = rows_of(
        connection,
        """select * exclude (sample_ticket_ids, first_reported_at, latest_at),
            cast(first_reported_at as date) as first_reported
        from analytics.fct_escalations order by is_open desc, opened_on desc nulls last, rule, subject""",
    )
    if not rows:
        return Section(title, "", [Panel("Nothing was escalated in the time shown.")])
    is_open = sum(row["is_open"] for row in rows)
    teams = {row["team"] for row in rows if row["is_open"]}
    lead = f"{counted(is_open, 'escalation is', 'escalations are')} open"
    lead += f", for {' and '.join(sorted(teams))}." if teams else "."
    reading = (
        "A bar that begins at the left edge was open before the days that are shown. The evidence is of today"
        " for open escalations and of the day before the closing for closed ones. Quotes of customers are not"
        " here: they stand in restricted files."
    )
    return Section(title, lead, [_timeline(rows, facts)], reading)


def _timeline(rows: list[dict], facts: Facts) -> Panel:
    shown = rows[:SHOWN]
    edge = min([row["opened_on"] or row["closed_on"] or facts.as_of_date for row in shown])
    bars = [
        {
            "place": place,
            "label": f"{spoken(row['rule'])}: {row['subject']}" + (" (open)" if row["is_open"] else ""),
            "from": row["opened_on"] or edge,
            "to": row["closed_on"] or facts.as_of_date,
            "opened": "before the days shown" if row["opened_on"] is None else str(row["opened_on"]),
            "closed": "open" if row["closed_on"] is None else str(row["closed_on"]),
            **{name: row[name] for name in ("team", "priority", "tickets", "households")},
        }
        for place, row in enumerate(shown)
    ]
    scale = alt.Scale(domain=[-0.5, len(shown) - 0.5], reverse=True, nice=False)
    base = alt.Chart(data(bars)).encode(y=alt.Y("place:Q", axis=None, title=None, scale=scale))
    tooltip = [
        alt.Tooltip("label:N", title="escalation"),
        alt.Tooltip("team:N", title="team"),
        alt.Tooltip("priority:N", title="priority"),
        alt.Tooltip("opened:N", title="opened"),
        alt.Tooltip("closed:N", title="closed"),
        count_tooltip("tickets", "tickets"),
        count_tooltip("households", "households"),
    ]
    chart = alt.layer(
        base.mark_bar(height=9, yOffset=8).encode(
            x=time_axis("from"), x2="to", color=colour("priority", PRIORITIES), tooltip=tooltip
        ),
        base.mark_text(align="left", dy=-6).encode(x=alt.value(0), text="label:N", tooltip=tooltip),
    )
    about = (
        "" if len(shown) == len(rows) else f"The first {SHOWN} of {len(rows)}, the open ones before others"
    )
    words = "Escalations: " + "; ".join(
        f"{bar['label']}, {bar['priority']}, opened {bar['opened']}, closed {bar['closed']}" for bar in bars
    )
    return Panel(
        words + ".",
        sized(chart, ROW * len(shown) + 6),
        "From the day it opened to the day it closed",
        about,
        PRIORITIES,
        [column.format(days=counted(facts.vars["escalation_change_days"], "day")) for column in COLUMNS],
        [_line(row) for row in rows],
    )


def _line(row: dict) -> list:
    return [
        spoken(row["rule"]),
        row["subject"],
        row["team"],
        row["priority"],
        row["opened_on"] or "before the days shown",
        row["closed_on"] or "open",
        row["tickets"],
        row["households"],
        row["members"],
        money(row["mrr_at_risk"]),
        known(row["change_30d"], "+.0%"),
        row["first_reported"],
    ]
