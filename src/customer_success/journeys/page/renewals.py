"""Renewals by month: what was at stake, what was expected, what came."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_month
from customer_success.pages.charts import data, day_tooltip, quantity, sized
from customer_success.pages.style import ACCENT, INK, PALETTE, UNKNOWN
from customer_success.pages.words import counted, money

from .facts import Facts

STATUSES = {
    "ahead": PALETTE[4],
    "cancellation scheduled": PALETTE[1],
    "expanded": PALETTE[2],
    "renewed": ACCENT,
    "renewed smaller": PALETTE[7],
    "not renewed": PALETTE[5],
    "unknown": UNKNOWN,
}
HALF_A_YEAR = 180  # days
AT_STAKE = "#cfd8e1"


def renewals(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """MRR by month of renewal with its forecast, and renewals by status."""
    title = "Renewals"
    forecast = rows_of(connection, "select * from analytics.rpt_renewal_forecast order by month_start")
    status = rows_of(
        connection,
        """select cast(date_trunc('month', renewal_on) as date) as month,
            coalesce(replace(status, '_', ' '), 'unknown') as part, count(*) as n
        from analytics.fct_renewals group by all order by all""",
    )
    least = facts.vars["renewal_min_interval_days"]
    if not forecast and not status:
        length = "half a year" if least == HALF_A_YEAR else counted(least, "day")
        return Section(title, "", [Panel(f"No subscription of {length} or more renews in the time shown.")])
    panels = [_forecast(forecast)]
    if status:
        panels.append(bars_by_month(status, STATUSES, "renewals", "Renewals by what became of them"))
    else:
        panels.append(Panel("No renewal is in the time shown.", heading="Renewals by what became of them"))
    before = counted(facts.vars["renewal_forecast_days"], "day")
    reading = (
        f"Of subscriptions of {counted(least, 'day')} and more. A month that has begun keeps the forecast"
        f" made {before} before it. The interval takes renewals as independent of each other. A month without"
        " a forecast says what it lacks."
    )
    return Section(title, _lead(forecast), panels, reading)


def _lead(forecast: list[dict]) -> str:
    without = [row for row in forecast if row["forecast_mrr"] is None]
    notes = sorted({row["note"] for row in without if row["note"]})
    if not without:
        return ""
    return f"No forecast for {counted(len(without), 'month')} of {len(forecast)}: {'; '.join(notes)}."


def _forecast(rows: list[dict]) -> Panel:
    heading = "MRR by month of renewal"
    names = ("renewals", "cancellations_scheduled", "mrr", "forecast_mrr", "ci_low", "ci_high", "renewed_mrr")
    columns = ("month", "renewals", "to end instead", "MRR", "forecast", "95% from", "95% to", "came", "note")
    table = [
        [row["month_start"]]
        + [row[name] for name in names[:2]]
        + [money(row[name]) for name in names[2:]]
        + [row["note"] or ""]
        for row in rows
    ]
    if not any(row[name] is not None for row in rows for name in ("mrr", "forecast_mrr", "renewed_mrr")):
        words = "The MRR of every month is unknown." if rows else "No month has a renewal."
        return Panel(words, heading=heading, columns=columns, rows=table)
    months = [f"{row['month_start']:%b %Y}" for row in rows]
    named = [row | {"month": month} for row, month in zip(rows, months, strict=True)]
    axis = alt.Axis(labelAngle=-45, grid=False)
    base = alt.Chart(data(named)).encode(x=alt.X("month:N", sort=months, title=None, axis=axis))
    mrr = alt.Y("mrr:Q", title="MRR")
    tooltip = [
        day_tooltip("month_start", "month from"),
        alt.Tooltip("renewals:Q", title="renewals"),
        *(
            alt.Tooltip(f"{name}:Q", title=label, format=",.2f")
            for name, label in zip(names[2:], columns[3:8], strict=True)
        ),
        alt.Tooltip("note:N", title="note"),
    ]
    chart = alt.layer(
        base.mark_bar(color=AT_STAKE, size=22).encode(y=mrr, tooltip=tooltip),
        base.mark_rule(color=INK, strokeWidth=2).encode(y=quantity("ci_low"), y2="ci_high"),
        base.mark_point(color=INK, filled=True, size=70, opacity=1).encode(
            y="forecast_mrr:Q", tooltip=tooltip
        ),
        base.mark_point(color=PALETTE[5], filled=True, shape="diamond", size=80, opacity=1).encode(
            y="renewed_mrr:Q", tooltip=tooltip
        ),
    )
    known = sum(row["forecast_mrr"] is not None for row in rows)
    words = f"{heading}, {months[0]} to {months[-1]}; {known} of {len(rows)} months have a forecast."
    legend = {
        "MRR that renews": AT_STAKE,
        "● forecast, with its 95% interval": INK,
        "◆ what came": PALETTE[5],
    }
    return Panel(words, sized(chart, 240), heading, "", legend, columns, table)
