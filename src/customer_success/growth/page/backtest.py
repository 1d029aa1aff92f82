"""Back-test: whether households with an open opportunity expand more often than others."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.intervals import estimates, point
from customer_success.pages.words import counted, ends, estimate, spoken

COLUMNS = (
    "type",
    "opened",
    "won",
    "share (95% interval)",
    "Sundays compared with",
    "share of them",
    "lift (95% interval)",
    "more than noise",
)


def backtest(connection: duckdb.DuckDBPyConnection, _: dict[str, object]) -> Section:
    """One panel per horizon: the lift of each type with its interval."""
    title = "Do opportunities tell who expands?"
    rows = rows_of(
        connection,
        """select * from analytics.rpt_expansion_backtest
        order by horizon_days, lift desc nulls last, opportunity_type""",
    )
    if not any(row["opened"] for row in rows):
        return Section(title, "", [Panel("No opportunity was opened long enough ago to be tested.")])
    limits = [row[name] for row in rows for name in ("lift", "lift_ci_low", "lift_ci_high")]
    limits = [limit for limit in [*limits, 0.5, 2.0] if limit]
    scale = alt.Scale(type="log", domain=[min(limits) * 0.9, max(limits) * 1.1], nice=False)
    panels = []
    for horizon in dict.fromkeys(row["horizon_days"] for row in rows):
        panels.append(_lifts([row for row in rows if row["horizon_days"] == horizon], horizon, scale))
    useful = sum(row["is_useful"] is True for row in rows)
    known = sum(row["is_useful"] is not None for row in rows)
    lead = (
        f"Of {counted(len(rows), 'pair')} of type and horizon {known} can be tested; in {useful} the lift is"
        " more than noise."
    )
    reading = (
        "Lift 2: won twice as often as by customers of the same plan on the same Sundays without an open"
        " opportunity of the type. Dashed: no difference. There is no lift where none was won on either side,"
        " and no interval where households do not vary. An interval above 1 is evidence of more expansions,"
        " not of a cause. Each interval stands by itself: of twenty without any difference, one misses 1."
    )
    return Section(title, lead, panels, reading)


def _lifts(rows: list[dict], horizon: int, scale: alt.Scale) -> Panel:
    points = [
        point(
            spoken(row["opportunity_type"]), _label(row), row["lift"], row["lift_ci_low"], row["lift_ci_high"]
        )
        for row in rows
    ]
    table = [
        [
            spoken(row["opportunity_type"]),
            row["opened"],
            row["won"],
            estimate(row["rate"], row["ci_low"], row["ci_high"], ".1%"),
            row["base_n"],
            "not measured" if row["base_rate"] is None else f"{row['base_rate']:.1%}",
            estimate(row["lift"], row["lift_ci_low"], row["lift_ci_high"], ".2f"),
            {True: "yes", False: "no", None: "unknown"}[row["is_useful"]],
        ]
        for row in rows
    ]
    axis = alt.Axis(title="lift (log scale)", format="~g", values=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50])
    heading = f"Within {horizon} days"
    return estimates(points, heading, "Lift by type", axis, scale, COLUMNS, table, line=1)


def _label(row: dict) -> str:
    won = f"{row['won']:,} of {row['opened']:,} won"
    if row["lift"] is None:
        return f"not measured, {won}"
    return f"{row['lift']:.1f} ({ends(row['lift_ci_low'], row['lift_ci_high'], '.1f')}), {won}"
