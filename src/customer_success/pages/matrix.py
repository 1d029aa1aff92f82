"""A panel that shows a number for each pair of names, from one to the other, as a matrix of cells."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from .charts import data, sized
from .parts import Panel
from .style import ACCENT, INK

CELL = 40  # pixels of height


def matrix(
    rows: list[dict],
    names: Sequence[str],
    heading: str,
    about: str,
    tooltip: list[alt.Tooltip],
    words: str,
    columns: Sequence[str],
    table: Sequence[Sequence[object]],
) -> Panel:
    """One cell per row: from ``down`` to ``across``, ``value`` (its shade) and ``shown`` (its text).

    ``names``: all there may be, in their order.
    """
    across, down = _there(rows, "across", names), _there(rows, "down", names)
    largest = max(row["value"] for row in rows)
    cells = [row | {"ink": _ink(row["value"], largest)} for row in rows]
    labels = {"domain": False, "ticks": False, "labelLimit": 110}
    base = alt.Chart(data(cells)).encode(
        x=alt.X(
            "across:N",
            sort=across,
            scale=alt.Scale(domain=across),
            title="to",
            axis=alt.Axis(orient="top", labelAngle=-45, labelOverlap=False, **labels),
        ),
        y=alt.Y(
            "down:N",
            sort=down,
            scale=alt.Scale(domain=down),
            title="from",
            axis=alt.Axis(labelPadding=6, titlePadding=8, **labels),
        ),
        tooltip=tooltip,
    )
    shade = alt.Color(
        "value:Q", scale=alt.Scale(domain=[0, largest or 1], range=["#eef3f8", ACCENT]), legend=None
    )
    chart = alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=shade),
        base.mark_text(fontSize=11).encode(text="shown:N", color=alt.Color("ink:N", scale=None, legend=None)),
    ).resolve_scale(color="independent")
    # The last of the slanted names reaches beyond its column.
    chart = chart.properties(padding={"left": 5, "top": 5, "right": 28, "bottom": 5})
    return Panel(words, sized(chart, CELL * len(down)), heading, about, {}, columns, table)


def _there(rows: list[dict], side: str, names: Sequence[str]) -> list[str]:
    """The names that occur on a side, in their order; others come last."""
    found = {row[side] for row in rows}
    return [*(name for name in names if name in found), *sorted(found - set(names))]


def _ink(value: float, largest: float) -> str:
    """Dark text on a light cell, white text on a dark one."""
    return "white" if value > 0.62 * largest else INK
