"""Which features the ranking depends on: permutation importance."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import data, quantity, sized
from customer_success.pages.style import INK
from customer_success.pages.words import listed, signed, spoken

from .facts import Facts

SHOWN = 15


def importance(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """The features whose shuffling costs most AUC, with intervals."""
    title = "Which features the ranking depends on"
    silent = facts.silence()
    if silent:
        return Section(title, "", [silent])
    rows = rows_of(
        connection,
        "select * from analytics.ml_feature_importance where model_run_id = ?"
        " order by importance_rank, feature",
        [facts.run_id],
    )
    if not rows:
        return Section(title, "", [Panel("No importance was measured.")])
    sure = [spoken(row["feature"]) for row in rows if (row["ci_low"] or 0) > 0]
    lead = f"Of {len(rows)} features {len(sure)} matter by more than noise" if sure else "No feature matters"
    lead += f", most of all {listed(sure[:3])}." if sure else " by more than noise."
    reading = (
        "How much AUC is lost on the test snapshots when a feature is shuffled among the customers, with 95%"
        " intervals by a bootstrap over households. Correlated features replace each other, and none of this"
        " shows a cause. The table has all features."
    )
    return Section(title, lead, [_panel(rows, facts)], reading)


def _panel(rows: list[dict], facts: Facts) -> Panel:
    shown = [row | {"name": spoken(row["feature"])} for row in rows[:SHOWN]]
    axis = alt.Axis(domain=False, ticks=False, labelLimit=240, labelPadding=8)
    order = [row["name"] for row in shown]
    mine = facts.colours[facts.selected]
    base = alt.Chart(data(shown)).encode(y=alt.Y("name:N", sort=order, title=None, axis=axis))
    x = alt.X("importance:Q", title="AUC lost when shuffled", axis=alt.Axis(tickCount=6))
    tooltip = [alt.Tooltip("name:N", title="feature")]
    tooltip += [
        alt.Tooltip(f"{name}:Q", title=label, format="+.4f")
        for name, label in (("importance", "AUC lost"), ("ci_low", "95% from"), ("ci_high", "95% to"))
    ]
    chart = alt.layer(
        alt.Chart(data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q"),
        base.mark_rule(color=mine, strokeWidth=2).encode(x=quantity("ci_low"), x2="ci_high"),
        base.mark_point(color=mine, filled=True, size=60, opacity=1).encode(x=x, tooltip=tooltip),
    )
    words = "AUC lost when a feature is shuffled: " + ", ".join(
        f"{row['name']} {signed(row['importance'], 3)}" for row in shown
    )
    table = [
        [row["importance_rank"], row["feature"], *(row[name] for name in ("importance", "ci_low", "ci_high"))]
        for row in rows
    ]
    columns = ("rank", "feature", "AUC lost", "95% from", "95% to")
    return Panel(words + ".", sized(chart, 24 * len(shown) + 30), columns=columns, rows=table)
