"""Associations with leaving sooner or later: hazard ratios of the Cox model as a forest plot."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import data, quantity, sized
from customer_success.pages.style import GREY, INK
from customer_success.pages.words import spoken

from .facts import Facts


def hazards(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Hazard ratios with intervals and the test of proportional hazards, and the quality of the fit."""
    title = "What goes with leaving sooner"
    rows = rows_of(connection, "select * from analytics.ml_survival_summary")
    fits = rows_of(connection, "select * from analytics.ml_survival_fit")
    if not fits:
        return Section(title, "", [Panel("No survival model has been fitted yet.")])
    (fit, *_) = fits
    known = [row for row in rows if row["hazard_ratio"] is not None]
    if not known:
        reason = fit["reason"] or "no covariate has a finite hazard ratio"
        return Section(title, "", [Panel(f"No model was fitted: {reason}.")])
    reading = (
        "A hazard ratio of 2 means: at any time, twice the chance to leave as one unit less of the covariate"
        " has, or as the plan of reference has, all else equal. Lines are 95% intervals; one that crosses 1"
        " is compatible with no difference. These are associations, not effects. Schoenfeld's test asks"
        " whether the ratio stays the same over time; a small p means that it does not."
    )
    return Section(title, _lead(fit), [_forest(known), _rest(rows)], reading)


def _lead(fit: dict) -> str:
    summary = f"Cox model of {fit['n']:,} households, of which {fit['events']:,} left"
    summary += f" (ties: {fit['ties_method']})."
    inside, later = fit["concordance_in_sample"], fit["concordance_later_cohort"]
    if inside is not None:
        summary += f" Concordance {inside:.2f} in sample, "
        summary += "unknown on a later cohort" if later is None else f"{later:.2f} on a later signup cohort"
        summary += "; 0.5 is a coin toss."
    p = fit["log_likelihood_ratio_p"]
    if p is not None:
        summary += f" Likelihood-ratio test of all covariates: p {_p(p)}."
    return summary


def _p(value: float | None) -> str:
    if value is None:
        return "unknown"
    return "under 0.001" if value < 0.001 else f"= {value:.3f}"


def _forest(known: list[dict]) -> Panel:
    heading = "Hazard ratios"
    points = [
        row | {"name": _named(row["covariate"]), "label": f"{row['hazard_ratio']:.2f} {_limits(row)}"}
        for row in known
    ]
    ends = [row[name] for row in known for name in ("hazard_ratio", "ci_low", "ci_high")]
    ends = [end for end in [*ends, 0.5, 2.0] if end]
    scale = alt.Scale(type="log", domain=[min(ends) * 0.9, max(ends) * 1.1], nice=False)
    values = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if min(ends) <= tick <= max(ends)]
    axis = alt.Axis(domain=False, ticks=False, labelLimit=260, labelPadding=8)
    place = alt.Y("name:N", sort=[point["name"] for point in points], title=None, axis=axis)
    base = alt.Chart(data(points)).encode(y=place)
    x = alt.X(
        "hazard_ratio:Q",
        title="hazard ratio (log scale): left of 1 stays longer, right of 1 leaves sooner",
        scale=scale,
        axis=alt.Axis(values=values, tickCount=len(values), format="~g"),
    )
    tooltip = [
        alt.Tooltip("name:N", title="covariate"),
        alt.Tooltip("label:N", title="hazard ratio"),
        alt.Tooltip("p_value:Q", title="p", format=".4f"),
        alt.Tooltip("ph_test_p:Q", title="Schoenfeld p", format=".4f"),
    ]
    chart = alt.layer(
        alt.Chart(data([{"one": 1}])).mark_rule(color=GREY, strokeDash=[5, 4]).encode(x="one:Q"),
        base.mark_rule(color=INK, strokeWidth=2).encode(x=quantity("ci_low"), x2="ci_high"),
        base.mark_point(color=INK, filled=True, shape="square", size=80, opacity=1).encode(
            x=x, tooltip=tooltip
        ),
        base.mark_text(align="left", dx=8, color=INK).encode(x=alt.value("width"), text="label:N"),
    )
    words = "Hazard ratios with 95% intervals: " + ", ".join(
        f"{point['name']} {point['label']}" for point in points
    )
    columns = ("covariate", "hazard ratio", "95% from", "95% to", "p", "households", "left", "Schoenfeld p")
    names = ("hazard_ratio", "ci_low", "ci_high", "p_value", "n", "events", "ph_test_p")
    table = [[row["covariate"], *(row[name] for name in names)] for row in known]
    return Panel(words + ".", sized(chart, 40 * len(points) + 30), heading, "", {}, columns, table, wide=True)


def _named(covariate: str) -> str:
    """A covariate in words, with the category that is compared with the reference."""
    name, _, level = covariate.partition("[")
    return f"{spoken(name)}: {level.rstrip(']')}" if level else spoken(name)


def _limits(row: dict) -> str:
    if row["ci_low"] is None or row["ci_high"] is None:
        return "(no interval)"
    return f"({row['ci_low']:.2f}–{row['ci_high']:.2f})"


def _rest(rows: list[dict]) -> Panel:
    """The tested assumption, the action on it, and the terms that are not in the model."""
    table = [
        [
            _named(row["covariate"]),
            "not tested" if row["ph_test_p"] is None else f"p {_p(row['ph_test_p'])}",
            row["ph_test_action"] or "",
            row["note"] or "",
        ]
        for row in rows
    ]
    columns = ("covariate", "Schoenfeld's test", "finding", "besides")
    return Panel(
        "", None, "Proportional hazards, and what was left out", columns=columns, rows=table, wide=True
    )
