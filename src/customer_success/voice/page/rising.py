"""Themes that more households mention negatively than before."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import data, quantity, sized
from customer_success.pages.style import GREY, INK, PALETTE
from customer_success.pages.words import counted, known, listed

from .facts import Facts

ROW = 46  # pixels per theme
RISING = PALETTE[5]


def rising(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Households with a negative mention in the latest window, against what was expected."""
    title = "Rising themes"
    rows = rows_of(
        connection,
        "select * from analytics.rpt_theme_changes order by p_holm nulls last, households_30d desc, theme",
    )
    if not rows:
        return Section(title, "", [Panel("There is no theme to test.")])
    days = counted(facts.vars["theme_window_days"], "day")
    windows = counted(facts.vars["theme_windows"], "window")
    found = [row["theme"] for row in rows if row["is_rising"]]
    untested = sum(row["is_rising"] is None for row in rows)
    lead = f"{listed(found)}: more households than before." if found else "No theme is known to rise."
    if untested:
        lead += f" {untested} of {len(rows)} are not tested: their earlier windows are not all known."
    reading = (
        f"Households with a negative mention in the last {days}, against the rate per customer of the"
        f" {windows} before. A theme rises where the p-value of both tests, corrected for all themes, is"
        f" below {facts.vars['theme_alpha']:g}."
        " A theme that is not tested is not called steady."
    )
    return Section(title, lead[:1].upper() + lead[1:], [_panel(rows, days)], reading)


def _panel(rows: list[dict], days: str) -> Panel:
    points = [
        row
        | {
            "place": place,
            "label": _label(row),
            "colour": RISING if row["is_rising"] else INK,
        }
        for place, row in enumerate(rows)
    ]
    scale = alt.Scale(domain=[-0.5, len(rows) - 0.5], reverse=True, nice=False)
    base = alt.Chart(data(points)).encode(y=alt.Y("place:Q", axis=None, title=None, scale=scale))
    x = alt.X(
        "households_30d:Q",
        title="households with a negative mention",
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(tickMinStep=1),
    )
    tooltip = [
        alt.Tooltip("theme:N", title="theme"),
        alt.Tooltip("households_30d:Q", title=f"households in {days}"),
        alt.Tooltip("expected_households:Q", title="expected", format=".1f"),
        alt.Tooltip("p_holm:Q", title="p, corrected", format=".4f"),
        alt.Tooltip("label:N", title="finding"),
    ]
    shade = alt.Color("colour:N", scale=None, legend=None)
    lower = 12
    chart = alt.layer(
        base.mark_text(align="left", dy=-8, color=INK).encode(
            x=alt.value(0), text="label:N", tooltip=tooltip
        ),
        base.mark_rule(color=GREY, strokeWidth=2, yOffset=lower).encode(
            x=quantity("expected_households"), x2="households_30d"
        ),
        base.mark_point(color=GREY, filled=True, shape="square", size=60, opacity=1, yOffset=lower).encode(
            x=quantity("expected_households"), tooltip=tooltip
        ),
        base.mark_point(filled=True, size=80, opacity=1, yOffset=lower).encode(
            x=x, color=shade, tooltip=tooltip
        ),
    )
    words = f"Households with a negative mention in the last {days}: " + "; ".join(map(_label, rows)) + "."
    columns = ("theme", f"households in {days}", "expected", "p", "p corrected", "finding")
    table = [
        [
            row["theme"],
            row["households_30d"],
            known(row["expected_households"], ".1f"),
            *(known(row[name], ".4f") for name in ("p_value", "p_holm")),
            _finding(row),
        ]
        for row in rows
    ]
    legend = {
        f"● households in the last {days}": INK,
        "■ expected from the windows before": GREY,
        "● rising": RISING,
    }
    return Panel(words, sized(chart, ROW * len(rows) + 6), "", "", legend, columns, table)


def _finding(row: dict) -> str:
    if row["is_rising"] is None:
        return "not tested"
    return "rising" if row["is_rising"] else "no clear change"


def _label(row: dict) -> str:
    n = known(row["households_30d"], ",")
    if row["expected_households"] is None:
        return f"{row['theme']}: {n}, {_finding(row)}"
    return f"{row['theme']}: {n}, expected {row['expected_households']:.1f}, {_finding(row)}"
