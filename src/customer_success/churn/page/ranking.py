"""How well the probabilities rank: ROC and precision-recall with bands."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.churn.config import BASE_RATE
from customer_success.churn.curves import LIFT, PRECISION_RECALL, ROC
from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, data, quantity, sized
from customer_success.pages.style import GREY
from customer_success.pages.words import spoken

from .facts import Facts, population_spoken

AXES = {
    ROC: ("share of staying customers that is flagged", "share of leaving customers that is flagged"),
    PRECISION_RECALL: ("share of leaving customers that is flagged", "share of the flagged that left"),
    LIFT: ("share of customers flagged, riskiest first", "times the rate of leaving of all"),
}
NAMES = {ROC: "ROC", PRECISION_RECALL: "Precision and recall", LIFT: "Lift"}
QUOTED_SHARES = (0.05, 0.1, 0.2, 0.5)  # shares at which the text gives the value of a curve


def ranking(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """ROC and precision-recall of all candidates by population, the selected one with its band."""
    title = "How well the probabilities rank"
    silent = facts.silence()
    if silent:
        return Section(title, "", [silent])
    panels = [
        curve_panel(connection, facts, curve, population)
        for population in facts.populations
        for curve in (ROC, PRECISION_RECALL)
    ]
    reading = (
        "Each point is a threshold: customers above it are flagged. The band is the 95% interval at each"
        f" point by a bootstrap over households, of {facts.selected_spoken} alone. Dashed: chance, which is"
        " what the base rate gives."
    )
    return Section(title, "", panels, reading)


def curve_panel(connection: duckdb.DuckDBPyConnection, facts: Facts, curve: str, population: str) -> Panel:
    """One curve of all candidates; without points a message."""
    rows = rows_of(
        connection,
        """select model, x, y, ci_low, ci_high from analytics.ml_model_curves
        where model_run_id = ? and curve = ? and population = ? and model <> ? order by model, x""",
        [facts.run_id, curve, population, BASE_RATE],
    )
    heading, about = NAMES[curve], population_spoken(population)
    mine = [row for row in rows if row["model"] == facts.selected]
    if not mine:
        return Panel("No curve: all customers left, or all stayed.", None, heading, about)
    shown = [model for model in facts.models if any(row["model"] == model for row in rows)]
    chance = _chance(curve, mine)
    x_title, y_title = AXES[curve]
    top = max(1.0, *(row["ci_high"] or row["y"] for row in mine), *(row["y"] for row in rows))
    x = alt.X("x:Q", title=x_title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    axis = alt.Axis(format="~g" if curve == LIFT else "%", tickCount=5)
    y = alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=[0, top]), axis=axis)
    colours = facts.colours
    tooltip = [
        alt.Tooltip("x:Q", title="flagged" if curve == LIFT else x_title, format=".0%"),
        *(
            alt.Tooltip(f"{name}:Q", title=label, format=".2f")
            for name, label in (("y", y_title), ("ci_low", "95% from"), ("ci_high", "95% to"))
        ),
    ]
    base = alt.Chart(data(mine)).encode(x=x)
    others = alt.Chart(data([row for row in rows if row["model"] != facts.selected])).encode(x=x, y=y)
    chart = alt.layer(
        base.mark_area(color=colours[facts.selected], opacity=0.2).encode(y=quantity("ci_low"), y2="ci_high"),
        alt.Chart(data(chance)).mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1).encode(x=x, y=y),
        others.mark_line(strokeWidth=1.3).encode(color=colour("model", colours), order=alt.Order("x:Q")),
        base.mark_line(color=colours[facts.selected], strokeWidth=2.5).encode(y=y, order=alt.Order("x:Q")),
        base.mark_point(size=120, opacity=0).encode(y=y, tooltip=tooltip),
    )
    legend = {spoken(model): colours[model] for model in shown}
    table = [[row["x"], *(row[name] for name in ("y", "ci_low", "ci_high"))] for row in mine]
    columns = (x_title, y_title, "95% from", "95% to")
    words = _words(curve, mine, f"{heading} of {facts.selected_spoken}, {about.lower()}")
    return Panel(words, sized(chart, 300), heading, about, legend, columns, table)


def _chance(curve: str, mine: list[dict]) -> list[dict]:
    """What a model without skill would give: the diagonal, the rate among all, or no lift."""
    level = {ROC: (0, 1), PRECISION_RECALL: (mine[-1]["y"],) * 2, LIFT: (1, 1)}[curve]
    return [{"x": float(end), "y": value} for end, value in enumerate(level)]


def _words(curve: str, mine: list[dict], begin: str) -> str:
    x_title, y_title = AXES[curve]
    quoted = [row for row in mine if any(abs(row["x"] - x) < 1e-9 for x in QUOTED_SHARES)]
    points = "; ".join(f"{row['y']:.2f} at {row['x']:.0%}" for row in quoted)
    return f"{begin}: {y_title}, by {x_title}. {points}."
