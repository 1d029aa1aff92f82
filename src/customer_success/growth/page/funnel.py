"""Upsell funnel: counts and rates from step to step."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.intervals import estimates, point
from customer_success.pages.style import ACCENT
from customer_success.pages.words import counted, estimate, percent

COUNTS = {
    "free_customers": "on Free at the start",
    "reached": "reached",
    "considered": "saw a premium page",
    "trial": "began a trial",
    "bought": "bought",
}
RATES = {
    "reached_to_considered": ("considered after being reached", "reached"),
    "considered_to_trial": ("trial after considering", "considered"),
    "trial_to_bought": ("bought after a trial", "trial"),
}


def funnel(connection: duckdb.DuckDBPyConnection, vars_: dict[str, object]) -> Section:
    """Households per step, and the share that takes the next one."""
    title = "From Free to a purchase"
    rows = rows_of(connection, "select * from analytics.rpt_upsell_funnel")
    days = counted(vars_["funnel_days"], "day")
    if not rows or not rows[0]["free_customers"]:
        return Section(title, "", [Panel(f"No customer was on Free {days} ago.")])
    (row,) = rows
    bars = [{"name": label, "part": "households", "n": row[name]} for name, label in COUNTS.items()]
    about = "Each only after the step before it"
    panels = [bars_by_name(bars, {"households": ACCENT}, "households", "Steps", about), _rates(row)]
    lead = (
        f"{counted(row['bought_unreached'], 'household')} bought without having been reached, beside"
        " the funnel."
    )
    if row["overall_conversion"] is not None:
        lead = f"{percent(row['overall_conversion'])} of those on Free bought by this way. {lead}"
    reading = (
        f"Last {days}. Reached: by a step of a playbook or an e-mail. The rate to a purchase counts"
        " buyers after a trial; some buy without one, so more can have bought than tried."
    )
    return Section(title, lead, panels, reading)


def _rates(row: dict) -> Panel:
    points, table = [], []
    for name, (label, of) in RATES.items():
        value, low, high = row[name], row[f"{name}_ci_low"], row[f"{name}_ci_high"]
        figures = f"{estimate(value, low, high, '.0%')}, n = {row[of]:,}"
        points.append(point(label, figures, value, low, high))
        table.append([label, estimate(value, low, high, ".1%"), row[of]])
    axis = alt.Axis(format="%", title="share that takes the step", tickCount=5)
    columns = ("step", "share (95% interval)", "households before it")
    scale = alt.Scale(domain=[0, 1])
    return estimates(points, "Rates", "From a step to the next", axis, scale, columns, table)
