"""How long customers stay: survival from day 90 on by plan, with the numbers at risk."""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import data, sized
from customer_success.pages.style import GREY, PALETTE
from customer_success.pages.words import listed, percent

from .facts import Facts

HEIGHT = 320
STEPS = (30, 90, 180, 365)  # days between the labels: the first that gives at most eight of them
AHEAD = ("survival_30d", "survival_90d", "survival_365d")


def survival(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Kaplan-Meier curves by plan, and how long today's customers are expected to stay."""
    title = "How long customers stay"
    rows = rows_of(connection, "select * from analytics.ml_survival_curves order by plan_type, day")
    tests = rows_of(connection, "select log_rank_p from analytics.ml_survival_fit")
    panels = [_curves_panel(rows), _ahead_panel(connection)]
    if not rows:
        return Section(title, "", panels)
    reading = (
        "Kaplan-Meier curves of households that were still customers on day 90, by their plan on that day,"
        " with 95% intervals. Households that are still customers are censored on the last day they were"
        " seen. The numbers below are the households still under observation; where they are few, a curve is"
        " uncertain."
    )
    return Section(title, _lead(rows, tests), panels, reading)


def _by_plan(rows: list[dict]) -> dict[str, list[dict]]:
    plans: dict[str, list[dict]] = {}
    for row in rows:
        plans.setdefault(row["plan_type"], []).append(row)
    return plans


def _lead(rows: list[dict], tests: list[dict]) -> str:
    day = 365
    parts = []
    for plan, of in _by_plan(rows).items():
        if of[-1]["day"] >= day:
            at = of[bisect_right([row["day"] for row in of], day) - 1]
            limits = "no interval"
            if at["ci_low"] is not None:
                limits = f"95% interval {percent(at['ci_low'])} to {percent(at['ci_high'])}"
            parts.append(f"{percent(at['survival'])} on {plan} ({limits})")
    lead = f"A year after day 90 there are still {listed(parts)}." if parts else ""
    for p_value in (row["log_rank_p"] for row in tests if row["log_rank_p"] is not None):
        differ = "The plans differ" if p_value < 0.05 else "A difference between the plans is not shown"
        lead += f" {differ} (log-rank test, p {'under 0.001' if p_value < 0.001 else f'= {p_value:.3f}'})."
    return lead.strip()


def _curves_panel(rows: list[dict]) -> Panel:
    heading = "Survival by plan on day 90"
    if not rows:
        return Panel("No household has been a customer for 90 days yet.", None, heading, wide=True)
    plans = _by_plan(rows)
    colours = dict(zip(plans, PALETTE, strict=False))
    last = max(row["day"] for row in rows)
    ticks = _ticks(last)
    scale = alt.Scale(domain=[0, max(last, 1)], nice=False)
    axis = alt.Axis(values=ticks, tickCount=len(ticks), grid=False)
    x = alt.X("day:Q", title="days since day 90", scale=scale, axis=axis)
    y = alt.Y(
        "survival:Q", title="still customers", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")
    )
    by_plan = alt.Color(
        "plan_type:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None
    )
    base = alt.Chart(data(rows)).encode(x=x, color=by_plan)
    tooltip = [alt.Tooltip("plan_type:N", title="plan"), alt.Tooltip("day:Q")]
    tooltip += [
        alt.Tooltip(f"{name}:Q", title=label, format=".1%")
        for name, label in (("survival", "still customers"), ("ci_low", "95% from"), ("ci_high", "95% to"))
    ]
    tooltip.append(alt.Tooltip("at_risk:Q", title="at risk", format=","))
    below = [
        {"day": day, "plan_type": plan, "place": place, "at_risk": f"{_at_risk(of, day):,}"}
        for place, (plan, of) in enumerate(plans.items())
        for day in ticks
    ]
    chart = alt.layer(
        base.mark_area(interpolate="step-after", opacity=0.16).encode(y="ci_low:Q", y2="ci_high"),
        base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=y),
        base.mark_point(opacity=0, size=80).encode(y=y, tooltip=tooltip),
        alt.Chart(data([{"label": "At risk"}]))
        .mark_text(align="right", dx=-26, color=GREY)
        .encode(x=alt.value(0), y=alt.value(HEIGHT + 52), text="label:N"),
        *(
            alt.Chart(data([{"plan_type": plan}]))
            .mark_text(align="right", dx=-26, fontSize=12)
            .encode(x=alt.value(0), y=alt.value(HEIGHT + 72 + 18 * place), text="plan_type:N", color=by_plan)
            for place, plan in enumerate(plans)
        ),
        *(
            alt.Chart(data([row for row in below if row["place"] == place]))
            .mark_text(align="center", fontSize=12)
            .encode(x=x, y=alt.value(HEIGHT + 72 + 18 * place), text="at_risk:N", color=by_plan)
            for place in range(len(plans))
        ),
    )
    legend = {f"{plan} ({of[0]['at_risk']:,} households)": colours[plan] for plan, of in plans.items()}
    words = f"{heading}. " + " ".join(_words(plan, of, ticks) for plan, of in plans.items())
    names = ("plan_type", "day", "survival", "ci_low", "ci_high", "at_risk")
    columns = ("plan", "day", "still customers", "95% from", "95% to", "at risk")
    shown = [row for of in plans.values() for row in _at_days(of, ticks)]
    table = [[row[name] for name in names] for row in shown]
    return Panel(words, sized(chart, HEIGHT), heading, "", legend, columns, table, wide=True)


def _ticks(last: float) -> list[int]:
    step = next((step for step in STEPS if last / step <= 8), STEPS[-1])
    return list(range(0, int(last) + 1, step))


def _at_risk(of: list[dict], day: int) -> int:
    """Households under observation at the start of a day: those of the next row, none after the last."""
    place = bisect_left([row["day"] for row in of], day)
    return of[place]["at_risk"] if place < len(of) else 0


def _at_days(of: list[dict], days: list[int]) -> list[dict]:
    """The rows that hold on days up to the last that was observed."""
    seen = [row["day"] for row in of]
    return [
        of[bisect_right(seen, day) - 1] | {"day": day, "at_risk": _at_risk(of, day)}
        for day in days
        if seen[0] <= day <= seen[-1]
    ]


def _words(plan: str, of: list[dict], ticks: list[int]) -> str:
    points = (
        f"{percent(row['survival'])} by day {row['day']} ({row['at_risk']:,} at risk)"
        for row in _at_days(of, ticks)
    )
    return f"{plan}: {', '.join(points)}."


def _ahead_panel(connection: duckdb.DuckDBPyConnection) -> Panel:
    """What the Cox model expects of today's customers: quantiles over them, and of how many it is unknown."""
    heading, about = "Today's customers", "Expected to stay, given that they have stayed so far (Cox model)"
    rows = rows_of(connection, "select * from analytics.ml_survival_predictions")
    if not rows:
        return Panel("Nothing is predicted: no model was fitted.", None, heading, about, wide=True)
    table = []
    for name in ("median_days_remaining", *AHEAD):
        known = sorted(row[name] for row in rows if row[name] is not None)
        days = name.removeprefix("survival_").removesuffix("d")
        label = "median days remaining" if name not in AHEAD else f"still a customer in {days} days"
        form = "{:,.0f}" if name not in AHEAD else "{:.1%}"
        quantiles = statistics.quantiles(known, n=10, method="inclusive") if len(known) > 1 else known * 9
        quoted = [form.format(quantiles[place]) for place in (0, 4, 8)] if known else ["unknown"] * 3
        table.append([label, *quoted, len(known), len(rows) - len(known)])
    words = (
        "Unknown: before day 90, after a first churn, with a covariate unknown, or further ahead than any"
        " household was observed. A median is unknown where the curve does not come down to one half."
    )
    columns = ("", "one in ten below", "middle", "one in ten above", "known", "unknown")
    return Panel(words, None, heading, about, columns=columns, rows=table, wide=True)
