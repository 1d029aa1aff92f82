"""How well each scorecard ranks the customers who leave: AUC per scorecard and horizon."""

from __future__ import annotations

import altair as alt

from customer_success.pages import Panel
from customer_success.pages.charts import colour, count_tooltip, data, quantity, sized
from customer_success.pages.style import GREY, SHAPES, SYMBOLS
from customer_success.pages.words import interval

from .facts import Facts

POPULATIONS = {"active_7d": "Active in the last 7 days", "all": "All customers"}
HORIZONS = ("#17202a", "#0072b2", "#d55e00", "#8a8f2a")
COLUMNS = ("scorecard", "horizon", "rows", "left", "AUC", "precision", "lift of worst tenth", "precision")


def auc_panel(rows: list[dict], population: str, facts: Facts) -> Panel:
    """Show the AUC of all scorecards in one population; ``rows`` are those of rpt_health_backtest."""
    heading, about = POPULATIONS[population], "How well each scorecard ranks who leaves (AUC)"
    among = [row for row in rows if row["population"] == population]
    known = [row for row in among if row["auc"] is not None]
    if not known:
        return Panel(no_outcome(among), None, heading, about)
    names = {days: f"{days} days" for days in sorted({row["horizon_days"] for row in rows})}
    order = sorted(
        {row["health_model"] for row in among},
        key=lambda name: (-max([r["auc"] for r in known if r["health_model"] == name] or [0]), name),
    )
    spoken = {name: name + (" (primary)" if name == facts.primary else "") for name in order}
    points = [_point(row, spoken[row["health_model"]], names[row["horizon_days"]]) for row in known]
    low_ends = [row[name] for row in rows for name in ("auc", "auc_ci_low") if row[name] is not None]
    chart = _chart(points, list(spoken.values()), list(names.values()), min([0.5, *low_ends]))
    withheld = [
        f"{spoken[row['health_model']]} at {names[row['horizon_days']]}: {row['reason']}"
        for row in among
        if row["auc"] is None or row["auc_ci_low"] is None
    ]
    words = f"AUC per scorecard and horizon among {heading.lower()}; dashed line: chance. "
    words += " ".join(f"{p['scorecard']}, {p['horizon']}: {p['label']} ({p['interval']})." for p in points)
    words += f" Withheld: {'; '.join(withheld)}." if withheld else ""
    legend = {f"{SYMBOLS[place]} within {name}": HORIZONS[place] for place, name in enumerate(names.values())}
    table = [_line(row, names[row["horizon_days"]]) for row in among]
    return Panel(words, sized(chart, 72 * len(order) + 50), heading, about, legend, COLUMNS, table)


def _point(row: dict, scorecard: str, horizon: str) -> dict:
    return {
        "scorecard": scorecard,
        "horizon": horizon,
        "auc": row["auc"],
        "low": row["auc_ci_low"],
        "high": row["auc_ci_high"],
        "start": row["auc"] if row["auc_ci_low"] is None else row["auc_ci_low"],
        "interval": interval(row, "auc", ".3f"),
        "n": row["n"],
        "left": row["churned"],
        "label": f"{row['auc']:.2f}",
    }


def _chart(points: list[dict], scorecards: list[str], spans: list[str], lowest: float) -> alt.LayerChart:
    """Draw a point with its interval per scorecard and horizon, and the line of chance."""
    scale = alt.Scale(domain=[max(lowest - 0.07, 0), 1], nice=False, zero=False)
    base = alt.Chart(data(points)).encode(
        y=alt.Y(
            "scorecard:N",
            sort=scorecards,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=140, labelPadding=8),
            scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15),
        ),
        yOffset=alt.YOffset("horizon:N", sort=spans),
        color=colour("horizon", dict(zip(spans, HORIZONS, strict=False))),
    )
    return alt.layer(
        alt.Chart(data([{"chance": 0.5}])).mark_rule(color=GREY, strokeDash=[5, 4]).encode(x="chance:Q"),
        base.mark_rule(strokeWidth=2).encode(x=quantity("low"), x2="high"),
        base.mark_text(align="right", dx=-7, fontSize=11).encode(x=quantity("start"), text="label:N"),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("auc:Q", title="AUC", scale=scale, axis=alt.Axis(format=".1f", tickCount=6)),
            shape=alt.Shape(
                "horizon:N", scale=alt.Scale(domain=spans, range=list(SHAPES[: len(spans)])), legend=None
            ),
            tooltip=[
                alt.Tooltip("scorecard:N"),
                alt.Tooltip("horizon:N", title="leaves within"),
                alt.Tooltip("auc:Q", title="AUC", format=".3f"),
                alt.Tooltip("interval:N", title="precision"),
                count_tooltip("n", "rows"),
                count_tooltip("left", "of them left"),
            ],
        ),
    )


def _line(row: dict, horizon: str) -> list:
    return [
        row["health_model"],
        horizon,
        row["n"],
        row["churned"],
        "unknown" if row["auc"] is None else f"{row['auc']:.3f}",
        interval(row, "auc", ".3f"),
        "unknown" if row["lift_worst_decile"] is None else f"{row['lift_worst_decile']:.2f}",
        interval(row, "lift", ".2f"),
    ]


def no_outcome(rows: list[dict]) -> str:
    """Why there is nothing to measure, from the reasons of the rows."""
    if not rows:
        return "There is no back-test yet: no score has a known outcome."
    why = sorted({row["reason"] for row in rows if row["reason"]} - {"no rows"}) or ["no outcome is known"]
    return f"Nothing to measure yet: {', '.join(why)}."
