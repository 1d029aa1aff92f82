"""Themes of what customers write: positive and negative mentions, net sentiment with its interval."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, count_tooltip, data, day_tooltip, sized, time_axis
from customer_success.pages.intervals import ROW, estimates, point
from customer_success.pages.style import ACCENT, BEST_TO_WORST, INK
from customer_success.pages.words import counted, ends, estimate, in_words

from .facts import Facts

NEGATIVE = BEST_TO_WORST[-2]
SIDES = {"negative": NEGATIVE, "positive": ACCENT}
READING = (
    "A message that mentions a theme counts as positive or negative by its sentiment, the comment of an NPS"
    " answer by its score. Net sentiment is (positive − negative) / (positive + negative). It has an interval"
    " from {} households on, unless all mentions agree. A month without a mention of a theme has no cell."
)


def themes(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """The last complete month by theme, and net sentiment month by month."""
    title = "What they write about"
    rows = rows_of(
        connection,
        """select *, month_start + interval 1 month - interval 1 day <= ? as is_over
        from analytics.rpt_comment_themes where channel = 'all' order by month_start, theme""",
        [facts.as_of_date],
    )
    if not rows:
        return Section(title, "", [Panel("No scored message mentions a theme yet.")])
    months = sorted({row["month_start"] for row in rows if row["is_over"]})
    if not months:
        return Section(title, "", [Panel("No month with a mention is over yet.")])
    of_month = [row for row in rows if row["month_start"] == months[-1]]
    of_month.sort(key=lambda row: (-row["mentions"], row["theme"]))
    about = f"Month from {months[-1]}, the last that is over"
    panels = [_bars(of_month, about), _net(of_month, about), _by_month(rows)]
    most = of_month[0]
    least = in_words(facts.vars["theme_min_households"])
    lead = (
        f"In the month from {months[-1]}, {most['theme']} was mentioned most: {most['mentions']:,} messages"
        f" of {most['households']:,} households, {most['negative']:,} of them negative."
    )
    return Section(title, lead, panels, READING.format(least))


def _bars(rows: list[dict], about: str) -> Panel:
    heading = "Mentions"
    bars = [
        {"theme": row["theme"], "side": side, "n": sign * row[side], "count": row[side]}
        | {"mentions": row["mentions"], "households": row["households"]}
        for row in rows
        for side, sign in (("negative", -1), ("positive", 1))
    ]
    axis = alt.Axis(domain=False, ticks=False, labelPadding=8, labelLimit=120)
    y = alt.Y("theme:N", sort=[row["theme"] for row in rows], title=None, axis=axis)
    tooltip = [
        alt.Tooltip("theme:N", title="theme"),
        alt.Tooltip("side:N", title="mentions"),
        count_tooltip("count", "of them"),
        count_tooltip("mentions", "in all"),
        count_tooltip("households", "households"),
    ]
    # Counts to the left of 0 have no sign.
    counts = alt.Axis(tickMinStep=1, labelExpr="format(abs(datum.value), '~s')")
    chart = alt.layer(
        alt.Chart(data(bars))
        .mark_bar(height={"band": 0.7})
        .encode(
            y=y, x=alt.X("n:Q", title="messages", axis=counts), color=colour("side", SIDES), tooltip=tooltip
        ),
        alt.Chart(data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q"),
    )
    words = "Negative and positive mentions: " + ", ".join(
        f"{row['theme']} {row['negative']:,} and {row['positive']:,} of {row['mentions']:,}" for row in rows
    )
    columns = ("theme", "messages", "households", "negative", "positive")
    table = [
        [row[name] for name in ("theme", "mentions", "households", "negative", "positive")] for row in rows
    ]
    return Panel(words + ".", sized(chart, ROW * len(rows) + 6), heading, about, SIDES, columns, table)


def _net(rows: list[dict], about: str) -> Panel:
    points = [
        point(row["theme"], _label(row), row["net_sentiment"], row["ci_low"], row["ci_high"]) for row in rows
    ]
    table = [
        [
            row["theme"],
            row["households"],
            estimate(row["net_sentiment"], row["ci_low"], row["ci_high"], "+.2f"),
        ]
        for row in rows
    ]
    axis = alt.Axis(format="+.1f", title="net sentiment", tickCount=5)
    columns = ("theme", "households", "net sentiment (95% interval)")
    scale = alt.Scale(domain=[-1, 1])
    return estimates(points, "Net sentiment", about, axis, scale, columns, table, line=0)


def _label(row: dict) -> str:
    net = estimate(row["net_sentiment"], row["ci_low"], row["ci_high"], "+.2f")
    return f"{net}, {counted(row['households'], 'household')}"


def _by_month(rows: list[dict]) -> Panel:
    """A cell per month and theme; a month that is not over is drawn too, and the table says so."""
    heading, about = "Net sentiment by month", "From −1, all negative, to 1, all positive"
    known = [row for row in rows if row["net_sentiment"] is not None]
    if not known:
        return Panel("No month has a mention with a polarity.", None, heading, about, wide=True)
    names = sorted({row["theme"] for row in rows})
    shades = [NEGATIVE, "#f3f1ea", ACCENT]
    cells = [row | {"interval": ends(row["ci_low"], row["ci_high"], "+.2f")} for row in known]
    tooltip = [
        alt.Tooltip("theme:N", title="theme"),
        day_tooltip("month_start", "month from"),
        alt.Tooltip("net_sentiment:Q", title="net sentiment", format="+.2f"),
        alt.Tooltip("interval:N", title="95% interval"),
        count_tooltip("mentions", "messages"),
        count_tooltip("households", "households"),
    ]
    axis = alt.Axis(domain=False, ticks=False, labelPadding=6, labelLimit=120)
    chart = (
        alt.Chart(data(cells))
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(
            x=time_axis("month_start").timeUnit("yearmonth"),
            y=alt.Y("theme:N", sort=names, title=None, axis=axis),
            color=alt.Color(
                "net_sentiment:Q",
                scale=alt.Scale(domain=[-1, 0, 1], range=shades, interpolate="rgb"),
                legend=None,
            ),
            tooltip=tooltip,
        )
    )
    months = sorted({row["month_start"] for row in rows})
    words = f"{heading}: {len(cells)} cells of {len(names)} themes, {months[0]} to {months[-1]}."
    table = [
        [
            row["month_start"],
            row["theme"],
            row["mentions"],
            row["households"],
            estimate(row["net_sentiment"], row["ci_low"], row["ci_high"], "+.2f"),
            "" if row["is_over"] else "not over",
        ]
        for row in rows
    ]
    columns = ("month", "theme", "messages", "households", "net sentiment (95% interval)", "month is")
    legend = dict(zip(("negative", "even", "positive"), shades, strict=True))
    return Panel(words, sized(chart, 32 * len(names)), heading, about, legend, columns, table, wide=True)
