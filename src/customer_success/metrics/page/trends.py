"""Each metric month by month, with its interval."""

from __future__ import annotations

import altair as alt

from customer_success.pages import Panel, Section
from customer_success.pages.charts import count_tooltip, data, day_tooltip, quantity, sized, time_axis
from customer_success.pages.style import ACCENT

from .facts import FORMS, Facts, period

COLUMNS = ("from", "to", "value", "95% interval", "sample", "unknown", "note")


def trends(facts: Facts) -> Section:
    """One chart per metric over all customers; months that are withheld leave a gap."""
    panels = [_trend(facts, metric) for metric in facts.metrics]
    reading = (
        "The band is the 95% interval of each month by itself. Months are not independent of each other, and"
        " bands that overlap do not rule out a difference."
    )
    return Section("Month by month", "", panels or [Panel("No metric is defined.")], reading)


def _trend(facts: Facts, metric: str) -> Panel:
    entry = facts.metrics[metric]
    rows = facts.values(metric=metric, period_grain="month", segment_type="all")
    known = [row for row in rows if row["value"] is not None]
    heading, about = entry["label"], entry["definition"]
    if not known:
        reason = rows[-1]["note"] if rows else "no month has begun"
        return Panel(f"No month is published; of the last: {reason}.", heading=heading, about=about)
    form = FORMS.get(entry["unit"], ",.2f")
    axis = alt.Axis(format=".1%" if form == ".1%" else "~s" if form == ",.0f" else "")
    described = data(row | {"definition": about} for row in rows)
    base = alt.Chart(described).encode(x=time_axis("period_start"))
    value = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    tooltip = [
        alt.Tooltip("value:Q", title=entry["label"], format=form),
        alt.Tooltip("ci_low:Q", title="95% interval from", format=form),
        alt.Tooltip("ci_high:Q", title="to", format=form),
        count_tooltip("sample_size", "sample"),
        count_tooltip("unknown_count", "unknown"),
        day_tooltip("period_start", "period from"),
        day_tooltip("period_end", "to"),
        alt.Tooltip("definition:N", title="definition"),
    ]
    chart = alt.layer(
        base.mark_area(color=ACCENT, opacity=0.18).encode(y=quantity("ci_low"), y2="ci_high"),
        base.mark_line(color=ACCENT, strokeWidth=2).encode(y=value),
        base.mark_point(color=ACCENT, filled=True, size=45).encode(y=value, tooltip=tooltip),
    )
    last = known[-1]
    words = (
        f"{entry['label']} in {len(known)} of {len(rows)} months; the last of them, {period(last)},"
        f" {facts.shown(metric, last['value'])}, 95% interval {facts.interval(last)},"
        f" sample {last['sample_size']:,}."
    )
    table = [_line(facts, row) for row in rows]
    return Panel(words, sized(chart, 190), heading=heading, about=about, columns=COLUMNS, rows=table)


def _line(facts: Facts, row: dict) -> list:
    return [
        row["period_start"],
        row["period_end"],
        facts.shown(row["metric"], row["value"]),
        facts.interval(row),
        row["sample_size"],
        "" if row["unknown_count"] is None else row["unknown_count"],
        row["note"] or "",
    ]
