"""Calibration of the probabilities, and the lift from contacting the riskiest customers first."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.churn.curves import LIFT
from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import count_tooltip, data, quantity, sized
from customer_success.pages.style import GREY
from customer_success.pages.words import percent

from .facts import Facts
from .ranking import curve_panel


def calibration(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Predicted against observed rates by bin, and lift in each population."""
    title = "Are the probabilities calibrated?"
    silent = facts.silence()
    if silent:
        return Section(title, "", [silent])
    rows = rows_of(
        connection,
        "select * from analytics.ml_calibration where model_run_id = ? and model = ? order by bin",
        [facts.run_id, facts.selected],
    )
    panels = [_calibration_panel(rows, facts)]
    panels += [curve_panel(connection, facts, LIFT, population) for population in facts.populations[:1]]
    reading = (
        "Left: test rows in bins of about equal size; on the dashed line, observed = predicted. The"
        " intervals resample households, as rows of one household are correlated. Right: how many times more"
        " often the riskiest customers leave."
    )
    return Section(title, _lead(rows), panels, reading)


def _lead(rows: list[dict]) -> str:
    known = [row for row in rows if row["ci_low"] is not None]
    if not known:
        return ""
    inside = sum(row["ci_low"] <= row["mean_predicted"] <= row["ci_high"] for row in known)
    return f"In {inside} of {len(known)} bins the probability lies in the interval of the observed rate."


def _calibration_panel(rows: list[dict], facts: Facts) -> Panel:
    heading, about = "Calibration", "All customers, on the test snapshots"
    if not rows:
        return Panel("There are no test rows.", None, heading, about)
    top = max(max(row["mean_predicted"], row["ci_high"] or row["observed_rate"]) for row in rows) * 1.05
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(format="%", tickCount=5)
    x = alt.X("mean_predicted:Q", title="mean probability", scale=scale, axis=axis)
    y = alt.Y("observed_rate:Q", title="share that left", scale=scale, axis=axis)
    base = alt.Chart(data(rows)).encode(x=x)
    tooltip = [alt.Tooltip("bin:Q", title="bin")]
    tooltip += [
        alt.Tooltip(f"{name}:Q", title=label, format=".2%")
        for name, label in (
            ("mean_predicted", "mean probability"),
            ("observed_rate", "left"),
            ("ci_low", "95% from"),
            ("ci_high", "95% to"),
        )
    ]
    tooltip.append(count_tooltip("n", "rows"))
    line = alt.Chart(data([{"mean_predicted": end, "observed_rate": end} for end in (0, top)]))
    mine = facts.colours[facts.selected]
    chart = alt.layer(
        line.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1).encode(x=x, y=y),
        base.mark_rule(color=mine, strokeWidth=2).encode(y=quantity("ci_low"), y2="ci_high"),
        base.mark_point(color=mine, filled=True, size=70, opacity=1).encode(y=y, tooltip=tooltip),
    )
    words = "Predicted and observed rate of leaving by bin: " + ", ".join(
        f"{percent(row['mean_predicted'])} and {percent(row['observed_rate'])}" for row in rows
    )
    names = ("bin", "mean_predicted", "observed_rate", "ci_low", "ci_high", "n")
    columns = ("bin", "mean probability", "left", "95% from", "95% to", "rows")
    table = [[row[name] for name in names] for row in rows]
    return Panel(words + ".", sized(chart, 300), heading, about, columns=columns, rows=table)
