"""Panels of stacked bars: counts by name, or month by month."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from .charts import colour, count_axis, count_tooltip, data, day_tooltip, month_axis, next_month, sized
from .parts import Panel
from .style import GREY, INK
from .words import listed

BAR = 30  # pixels per bar


def bars_by_name(
    rows: list[dict], colours: dict[str, str], unit: str, heading: str, about: str = ""
) -> Panel:
    """One bar per ``name``, in the order of the rows, stacked by ``part``: ``n`` of ``unit``, summed.

    ``colours``: by part, in the order of the stack. Parts without a row are left out.
    """
    names, parts = _ordered(rows, "name"), _present(rows, colours)
    counts = _table(rows, "name", names, parts)
    totals = {name: sum(of.values()) for name, of in counts.items()}
    axis = alt.Axis(domain=False, ticks=False, labelPadding=8, labelLimit=140)
    y = alt.Y("name:N", sort=names, title=None, axis=axis)
    tooltip = [
        alt.Tooltip("name:N", title=heading),
        alt.Tooltip("part:N", title="of which"),
        count_tooltip("n", unit),
        count_tooltip("total", "in all"),
    ]
    place = list(parts).index
    bars = {
        (row["name"], row["part"]): row
        | {"n": counts[row["name"]][row["part"]], "total": totals[row["name"]], "place": place(row["part"])}
        for row in rows
    }
    x = alt.X("n:Q", title=unit, stack="zero", axis=count_axis(max(totals.values())))
    labels = [{"name": name, "total": total} for name, total in totals.items()]
    chart = alt.layer(
        alt.Chart(data(bars.values()))
        .mark_bar(height={"band": 0.7}, stroke="white", strokeWidth=0.7)
        .encode(y=y, x=x, color=colour("part", parts), order=alt.Order("place:Q"), tooltip=tooltip),
        alt.Chart(data(labels))
        .mark_text(align="left", dx=5, color=INK)
        .encode(y=y, x="total:Q", text=alt.Text("total:Q", format=",")),
    )
    words = f"{heading}, {unit}: {listed([_spelt(name, counts[name], parts) for name in names])}."
    several = len(colours) > 1
    table = [[name, *counts[name].values(), *([totals[name]] if several else [])] for name in names]
    columns = (heading, *parts, *(["in all"] if several else []))
    legend = parts if several else {}
    return Panel(words, sized(chart, BAR * len(names) + 12), heading, about, legend, columns, table)


def bars_by_month(
    rows: list[dict], colours: dict[str, str], unit: str, heading: str, about: str = "", share: bool = False
) -> Panel:
    """One bar per ``month`` (first days), stacked by ``part``; ``n`` of ``unit``, or their ``share``."""
    months, parts = sorted({row["month"] for row in rows}), _present(rows, colours)
    counts = _table(rows, "month", months, parts)
    bars = []
    for month, of in counts.items():
        top, total = 0, sum(of.values())
        for part, n in of.items():
            size = n / total if share and total else n
            bars.append({"month": month, "next": next_month(month), "part": part, "n": n, "total": total})
            bars[-1] |= {"low": top, "high": top + size}
            top += size
    axis = alt.Axis(format="%") if share else count_axis(max(bar["high"] for bar in bars))
    title = f"share of {unit}" if share else unit
    chart = (
        alt.Chart(data(bars))
        .mark_rect(stroke="white", strokeWidth=0.7)
        .encode(
            x=month_axis(months),
            x2="next",
            y=alt.Y("high:Q", title=title, axis=axis),
            y2="low",
            color=colour("part", parts),
            tooltip=[
                day_tooltip("month", "month from"),
                alt.Tooltip("part:N", title="of which"),
                count_tooltip("n", unit),
                count_tooltip("total", "in all"),
            ],
        )
    )
    last = months[-1]
    words = (
        f"{heading}, {unit} by month, {months[0]} to {last}; in the last: {_spelt('', counts[last], parts)}."
    )
    table = [[month, *counts[month].values(), sum(counts[month].values())] for month in months]
    legend = parts if len(colours) > 1 else {}
    return Panel(words, sized(chart, 230), heading, about, legend, ("month", *parts, "in all"), table)


def _ordered(rows: list[dict], name: str) -> list:
    return list(dict.fromkeys(row[name] for row in rows))


def _present(rows: Iterable[dict], colours: dict[str, str]) -> dict[str, str]:
    """The colours of the parts that occur; one that has none is grey and comes last."""
    there = {row["part"]: GREY for row in rows}
    return {part: colours[part] for part in colours if part in there} | {
        part: grey for part, grey in there.items() if part not in colours
    }


def _table(rows: list[dict], key: str, keys: list, parts: dict[str, str]) -> dict:
    counts = {name: dict.fromkeys(parts, 0) for name in keys}
    for row in rows:
        counts[row[key]][row["part"]] += row["n"]
    return counts


def _spelt(name: str, of: dict[str, int], parts: dict[str, str]) -> str:
    if len(parts) == 1:
        return f"{name} {sum(of.values()):,}".strip()
    inside = ", ".join(f"{n:,} {part}" for part, n in of.items() if n)
    return f"{name} ({inside or 'none'})" if name else inside or "none"
