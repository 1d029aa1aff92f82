"""Alerts per week."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, count_tooltip, data, day_tooltip, sized, time_axis
from customer_success.pages.style import PALETTE
from customer_success.pages.words import counted, listed, spoken

from .facts import Facts

ALERTS = {
    "fct_trend_alerts": ("metric", "Trend alerts", "fell"),
    "fct_health_alerts": ("alert", "Health alerts", ""),
}


def alerts(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Trend alerts and health alerts, by kind."""
    # A week ends on Sunday; other score dates have no whole week of alerts.
    weeks = {
        row["score_date"]: row["n"]
        for row in rows_of(
            connection,
            """select score_date, count(*) as n from analytics.fct_customer_health
            where dayofweek(score_date) = 0 group by score_date order by score_date""",
        )
    }
    title = "Alerts per week"
    if not weeks:
        return Section(title, "", [Panel("No week with customers has ended yet: no alerts to count.")])
    panels, latest = [], []
    for table, (name, heading, verb) in ALERTS.items():
        rows = rows_of(
            connection,
            f"""select score_date, {name} as kind, severity, count(*) as alerts from analytics.{table}
            where dayofweek(score_date) = 0 group by all order by all""",
        )
        rows = [row for row in rows if row["score_date"] in weeks]
        panels.append(_alerts_panel(rows, weeks, heading, verb))
        of_week = dict.fromkeys(weeks, 0)
        for row in rows:
            of_week[row["score_date"]] += row["alerts"]
        *before, now = of_week.values()
        latest.append(f"{now:,} {heading.lower() if now != 1 else heading.lower()[:-1]}")
        if before[-12:]:
            mean = sum(before[-12:]) / len(before[-12:])
            latest[-1] += f" ({mean:,.0f} a week in the {counted(len(before[-12:]), 'week')} before)"
    lead = f"The week to {list(weeks)[-1]} has {latest[0]} and {latest[1]}."
    reading = (
        "Trend alerts compare 30 days with the 30 before and count in each week in which they hold. Health"
        " alerts count once, when the score drops or the grade enters the range at risk."
    )
    return Section(title, lead, panels, reading)


def _alerts_panel(rows: list[dict], weeks: dict[date, int], heading: str, verb: str) -> Panel:
    if not rows:
        return Panel(f"No {heading[:-1].lower()} in {counted(len(weeks), 'week')}.", heading=heading)
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["kind"]] = sums.get(row["kind"], 0) + row["alerts"]
    labels = {row["kind"]: f"{spoken(row['kind'])} {verb}".strip() + f" ({row['severity']})" for row in rows}
    kinds = {kind: labels[kind] for kind in sorted(sums, key=lambda kind: (-sums[kind], kind))}
    counts = {day: dict.fromkeys(kinds, 0) for day in weeks}
    for row in rows:
        counts[row["score_date"]][row["kind"]] += row["alerts"]
    colours = dict(zip(kinds.values(), PALETTE, strict=False))
    bars = []
    for day, of in counts.items():
        top = 0
        for kind, alerts in of.items():
            week = {"from": day - timedelta(days=7), "score_date": day, "n": weeks[day]}
            week |= {"kind": kinds[kind], "alerts": alerts, "rate": 100 * alerts / weeks[day]}
            bars.append(week | {"low": top, "high": top + alerts})
            top += alerts
    chart = (
        alt.Chart(data(bars))
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=time_axis("from"),
            x2="score_date",
            y=alt.Y("high:Q", title="alerts"),
            y2="low",
            color=colour("kind", colours),
            tooltip=[
                day_tooltip("score_date", "week to"),
                alt.Tooltip("kind:N", title="alert"),
                count_tooltip("alerts", "alerts"),
                alt.Tooltip("rate:Q", title="per 100 customers", format=".1f"),
                count_tooltip("n", "customers"),
            ],
        )
    )
    words = f"{heading} per week over {counted(len(weeks), 'week')}; in all " + listed(
        [f"{sums[kind]:,} × {words}" for kind, words in kinds.items()]
    )
    table = [[day, weeks[day], *of.values()] for day, of in counts.items()]
    columns = ("week to", "customers", *kinds.values())
    return Panel(words + ".", sized(chart, 220), heading, "", colours, columns, table)
