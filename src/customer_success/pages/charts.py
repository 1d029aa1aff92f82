"""Pieces of charts: data, axes, tooltips, colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import altair as alt

from .style import INK

FEW = 6  # an axis of fewer counts has a label for each of them
MONTHLY_DAYS = 150  # a time axis shorter than that has a label a month


def data(rows: Iterable[dict]) -> alt.InlineData:
    """Inline data; a day becomes midnight without a zone, which a browser reads as its own midnight."""
    plain = [
        {key: f"{value}T00:00:00" if isinstance(value, date) else value for key, value in row.items()}
        for row in rows
    ]
    return alt.InlineData(values=plain)


def quantity(name: str) -> str:
    """A column of numbers in the shorthand of Altair."""
    return f"{name}:Q"


def time_axis(name: str = "score_date") -> alt.X:
    """Dates along the bottom, a label a quarter."""
    axis = alt.Axis(
        format="%b %Y",
        tickCount={"interval": "month", "step": 3},
        grid=False,
    )
    return alt.X(f"{name}:T", title=None, axis=axis)


def count_axis(most: int) -> alt.Axis:
    """An axis of counts up to ``most``: whole numbers only."""
    return alt.Axis(values=list(range(most + 1)), format="d") if most < FEW else alt.Axis(format="~s")


def next_month(month: date) -> date:
    """First day of the month after the one that begins on a day."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_axis(months: Sequence[date]) -> alt.X:
    """From the first of some months to the end of the last; a label a quarter, or a month in a short time."""
    first, end = min(months), next_month(max(months))
    few = (end - first).days < MONTHLY_DAYS
    domain = [alt.DateTime(year=day.year, month=day.month, date=1) for day in (first, end)]
    ticks = {"interval": "month", "step": 1 if few else 3}
    axis = alt.Axis(format="%b %Y", tickCount=ticks, grid=False)
    return alt.X("month:T", title=None, axis=axis, scale=alt.Scale(domain=domain, padding=6))


def day_tooltip(name: str, title: str) -> alt.Tooltip:
    """A day, as the ISO writes it."""
    return alt.Tooltip(f"{name}:T", title=title, format="%Y-%m-%d")


def count_tooltip(name: str, title: str) -> alt.Tooltip:
    """A count, thousands apart."""
    return alt.Tooltip(f"{name}:Q", title=title, format=",")


def colour(name: str, colours: dict[str, str]) -> alt.Color:
    """Colours by value; the legend is HTML next to the chart, so that it wraps on a narrow screen."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{name}:N", scale=scale, legend=None)


def hover(rows: list[dict], tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """A line under the pointer at the nearest date, with what is known of it."""
    near = alt.selection_point(
        name="near", fields=["score_date"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    base = alt.Chart(data(rows)).encode(x=time_axis())
    seen = alt.condition(near, alt.value(0.7), alt.value(0))
    line = base.mark_rule(color=INK, strokeWidth=1).encode(opacity=seen)
    target = base.mark_rule(opacity=0, strokeWidth=8).encode(tooltip=tooltip)
    return [line, target.properties(name="dates").add_params(near)]


def sized(chart: alt.TopLevelMixin, height: int) -> alt.TopLevelMixin:
    """As wide as the page allows; height in pixels."""
    return chart.properties(width="container", height=height)
