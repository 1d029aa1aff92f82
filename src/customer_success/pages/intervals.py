"""Panels of estimates with their intervals: one under the other, or month by month."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from .charts import data, day_tooltip, month_axis, quantity, sized
from .parts import Panel
from .style import ACCENT, GREY, INK, PALETTE
from .words import counted, ends, estimate

ROW = 54  # pixels per estimate: name, figures, mark
STATED = PALETTE[5]


def point(
    name: str,
    label: str,
    value: float | None,
    low: float | None,
    high: float | None,
    stated: float | None = None,
) -> dict:
    """One row of ``estimates``; ``label``: its figures in words, ``low`` and ``high``: of its interval."""
    return {"name": name, "label": label, "value": value, "low": low, "high": high, "stated": stated}


def estimates(
    rows: list[dict],
    heading: str,
    about: str,
    axis: alt.Axis,
    scale: alt.Scale,
    columns: Sequence[str],
    table: Sequence[Sequence[object]],
    line: float | None = None,
) -> Panel:
    """One row per ``point``, one under the other.

    What is None is not drawn; the label says why. ``stated`` is drawn as a diamond: what somebody says
    without a measurement. ``line``: value of the dashed line. Names and labels stand above the marks, so a
    narrow screen leaves the whole width to the scale.
    """
    placed = [row | {"place": place} for place, row in enumerate(rows)]
    y = alt.Y(
        "place:Q",
        title=None,
        axis=None,
        scale=alt.Scale(domain=[-0.5, len(rows) - 0.5], reverse=True, nice=False),
    )
    base = alt.Chart(data(placed)).encode(y=y)
    x = alt.X("value:Q", title=axis.title, axis=axis, scale=scale)
    tooltip = [alt.Tooltip("name:N", title=heading), alt.Tooltip("label:N", title="figures")]
    marks = 14
    layers = []
    if line is not None:
        layers.append(
            alt.Chart(data([{"at": line}]))
            .mark_rule(color=GREY, strokeDash=[5, 4])
            .encode(x=alt.X("at:Q", scale=scale, axis=axis))
        )
    layers += _words(base, tooltip)
    layers += [
        base.mark_rule(color=ACCENT, strokeWidth=2, yOffset=marks).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high"
        ),
        base.mark_point(color=ACCENT, filled=True, size=70, opacity=1, yOffset=marks).encode(
            x=x, tooltip=tooltip
        ),
    ]
    legend = {"● measured, with its 95% interval": ACCENT}
    if any(row["stated"] is not None for row in rows):
        layers.append(
            base.mark_point(
                color=STATED, filled=True, shape="diamond", size=90, opacity=1, yOffset=marks
            ).encode(x=alt.X("stated:Q", scale=scale, axis=axis), tooltip=tooltip)
        )
        legend["◆ stated by the documents"] = STATED
    words = f"{heading}: " + "; ".join(f"{row['name']}: {row['label']}" for row in rows) + "."
    chart = sized(alt.layer(*layers), ROW * len(rows) + 6)
    return Panel(words, chart, heading, about, legend, columns, table)


def _words(base: alt.Chart, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Name and label of each row; without a white edge around them lines of the scale would cross them."""
    styles = {"name:N": {"dy": -16, "color": INK, "fontWeight": 600}, "label:N": {"dy": 0, "color": GREY}}
    return [
        base.mark_text(align="left", **style, **edge).encode(x=alt.value(0), text=text, tooltip=tooltip)
        for edge in ({"stroke": "white", "strokeWidth": 4}, {})
        for text, style in styles.items()
    ]


def estimates_by_month(
    rows: list[dict], heading: str, about: str, domain: Sequence[float], form: str, sample: str
) -> Panel:
    """``value`` per ``month`` with ``low`` and ``high``, out of ``n`` of ``sample``; what is None is a gap.

    ``domain``: ends of the axis; ``form``: format of the values.
    """
    known = [row for row in rows if row["value"] is not None]
    columns = ("month", "value", "95% interval", sample)
    if not known:
        missed = counted(len(rows), "month")
        reason = f"Not measured in {missed}: no {sample}." if rows else "No month is there yet."
        return Panel(reason, heading=heading, about=about)
    scale = alt.Scale(domain=list(domain), nice=False)
    y = alt.Y(
        "value:Q", title=None, axis=alt.Axis(format="%" if "%" in form else "", tickCount=5), scale=scale
    )
    tooltip = [
        day_tooltip("month", "month from"),
        alt.Tooltip("value:Q", title="measured", format=form),
        alt.Tooltip("low:Q", title="95% interval from", format=form),
        alt.Tooltip("high:Q", title="to", format=form),
        alt.Tooltip("n:Q", title=sample, format=","),
    ]
    base = alt.Chart(data(rows)).encode(x=month_axis([row["month"] for row in rows]))
    chart = alt.layer(
        base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.55).encode(y=quantity("low"), y2="high"),
        base.mark_point(color=ACCENT, filled=True, size=60, opacity=1).encode(y=y, tooltip=tooltip),
    )
    last = known[-1]
    words = (
        f"{heading}, measured in {len(known)} of {len(rows)} months; in the month from {last['month']}"
        f" {estimate(last['value'], last['low'], last['high'], form)}, {last['n']:,} {sample}."
    )
    table = [
        [
            row["month"],
            "not measured" if row["value"] is None else f"{row['value']:{form}}",
            "" if row["value"] is None else ends(row["low"], row["high"], form),
            row["n"],
        ]
        for row in rows
    ]
    return Panel(words, sized(chart, 210), heading, about, columns=columns, rows=table)
