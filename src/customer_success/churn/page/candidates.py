"""How well churn can be predicted: all candidates side by side."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, count_tooltip, data, quantity, sized
from customer_success.pages.style import GREY
from customer_success.pages.words import spoken

from .facts import Facts, population_spoken

MEASURES = {
    "roc_auc": "AUC",
    "average_precision": "average precision",
    "lift_at_10pct": "lift of the top tenth",
    "recall_at_10pct_fpr": "found at 10% false alarms",
    "brier": "Brier score",
    "log_loss": "log loss",
    "ece": "calibration error",
    "accuracy": "accuracy",
    "accuracy_always_no": "accuracy of always no",
    "share_flagged_while_active": "flagged while active",
    "share_flagged_30d_before": "flagged 30 days before",
    "coverage": "customers scored",
}


def candidates(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Whether the run has skill, and every measure of every candidate on the test snapshots."""
    title = "How well can churn be predicted?"
    rows = rows_of(
        connection,
        "select * from analytics.ml_model_metrics where model_run_id = ? and split = 'test'",
        [facts.run_id],
    )
    if not rows:
        return Section(title, verdict(facts, rows), [Panel(_nothing(facts))])
    found = {(row["population"], row["model"], row["metric"]): row for row in rows}
    panels = [_auc_panel(found, population, facts) for population in facts.populations]
    panels += [_measures_panel(found, population, facts) for population in facts.populations]
    reading = (
        "All candidates are trained on the same earlier snapshots and tested on the same later ones. AUC is"
        " the chance that a customer who left had a higher probability than one who stayed: 0.5 is a coin"
        " toss, 1 is perfect. Lines and parentheses are 95% intervals by a bootstrap over households. If few"
        " customers leave, a model that always predicts 'stays' has a high accuracy, so accuracy alone shows"
        " nothing. Lower is better for the Brier score, log loss and calibration error."
    )
    return Section(title, verdict(facts, rows), panels, reading)


def verdict(facts: Facts, rows: list[dict]) -> str:
    """Return whether the selected candidate may predict, and how well it ranks the headline population."""
    if facts.run is None:
        return ""
    if facts.abstains:
        return f"Not on these data: the run abstains, and no prediction is published. {facts.why}"
    population = facts.populations[0] if facts.populations else "all"
    asked = {"population": population, "model": facts.selected, "metric": "roc_auc", "split": "test"}
    auc = [row for row in rows if all(row[name] == value for name, value in asked.items())]
    if not auc or auc[0]["value"] is None:
        return f"{facts.selected_spoken.capitalize()} predicts; how well is not recorded."
    (auc,) = auc
    among = population_spoken(population).lower() if population == "all" else _lower(population)
    return (
        f"{facts.selected_spoken.capitalize()} ranks leaving customers among {among} with an AUC of"
        f" {auc['value']:.2f} ({_limits(auc)}), over {auc['n']:,} rows of which {auc['positives']:,} left."
    )


def _lower(population: str) -> str:
    return f"customers {population_spoken(population).lower()}"


def _nothing(facts: Facts) -> str:
    if facts.run is None:
        return "The classifier has not been run yet."
    return f"No model was fitted, so there is nothing to compare. {facts.why}"


def _limits(row: dict) -> str:
    if row["ci_low"] is None or row["ci_high"] is None:
        return "no interval"
    return f"95% interval {row['ci_low']:.2f} to {row['ci_high']:.2f}"


def _auc_panel(found: dict[tuple, dict], population: str, facts: Facts) -> Panel:
    heading, about = population_spoken(population), "How well each candidate ranks leaving (AUC)"
    rows = [found.get((population, model, "roc_auc")) for model in facts.models]
    rows = [row for row in rows if row and row["value"] is not None]
    if not rows:
        return Panel("All customers left, or all stayed: there is nothing to rank.", None, heading, about)
    points = [
        {
            "candidate": spoken(row["model"]),
            "model": row["model"],
            "auc": row["value"],
            "low": row["ci_low"],
            "high": row["ci_high"],
            "start": row["value"] if row["ci_high"] is None else row["ci_high"],
            "interval": _limits(row),
            "n": row["n"],
            "left": row["positives"],
            "label": f"{row['value']:.2f}",
        }
        for row in rows
    ]
    ends = [row[name] for row in found.values() for name in ("value", "ci_low") if row["metric"] == "roc_auc"]
    lowest = min([0.5, *(end for end in ends if end is not None)])
    scale = alt.Scale(domain=[max(lowest - 0.03, 0), 1], nice=False, zero=False)
    axis = alt.Axis(domain=False, ticks=False, labelLimit=170, labelPadding=8)
    order = [point["candidate"] for point in points]
    base = alt.Chart(data(points)).encode(
        y=alt.Y("candidate:N", sort=order, title=None, axis=axis), color=colour("model", facts.colours)
    )
    tooltip = [
        alt.Tooltip("candidate:N"),
        alt.Tooltip("auc:Q", title="AUC", format=".3f"),
        alt.Tooltip("interval:N", title="precision"),
        count_tooltip("n", "rows"),
        count_tooltip("left", "of them left"),
    ]
    chart = alt.layer(
        alt.Chart(data([{"chance": 0.5}])).mark_rule(color=GREY, strokeDash=[5, 4]).encode(x="chance:Q"),
        base.mark_rule(strokeWidth=2).encode(x=quantity("low"), x2="high"),
        base.mark_text(align="left", dx=7, fontSize=11).encode(x=quantity("start"), text="label:N"),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("auc:Q", title="AUC", scale=scale, axis=alt.Axis(format=".1f", tickCount=6)),
            tooltip=tooltip,
        ),
    )
    words = f"AUC per candidate, {heading.lower()}; dashed line: chance. "
    words += " ".join(f"{point['candidate']}: {point['label']} ({point['interval']})." for point in points)
    columns = ("candidate", "rows", "left", "AUC", "precision")
    table = [
        [point["candidate"], point["n"], point["left"], point["auc"], point["interval"]] for point in points
    ]
    return Panel(words, sized(chart, 44 * len(points) + 30), heading, about, columns=columns, rows=table)


def _measures_panel(found: dict[tuple, dict], population: str, facts: Facts) -> Panel:
    """All measures as an open table, a column per candidate."""
    table = [
        [name, *(_cell(found.get((population, model, metric))) for model in facts.models)]
        for metric, name in MEASURES.items()
        if any((population, model, metric) in found for model in facts.models)
    ]
    rows = [row for (among, _, metric), row in found.items() if (among, metric) == (population, "coverage")]
    about = "".join(
        f"{row['n']:,} rows (customers × snapshots), of which {row['positives']:,} left" for row in rows[:1]
    )
    columns = ("measure", *map(spoken, facts.models))
    return Panel("", None, population_spoken(population), about, columns=columns, rows=table, wide=True)


def _cell(row: dict | None) -> str:
    if row is None or row["value"] is None:
        return "unknown"
    form = ".2f" if row["metric"].startswith("lift") else ".3f"
    if row["metric"].startswith("share_flagged"):
        value = f"{row['positives']:,} of {row['n']:,}"
    else:
        value = f"{row['value']:{form}}"
    if row["ci_low"] is None or row["ci_high"] is None:
        return f"{value} (no interval)"
    return f"{value} ({row['ci_low']:{form}}–{row['ci_high']:{form}})"
