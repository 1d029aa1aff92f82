"""Measured chance that an opportunity is won, beside the chance that the documents state."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.intervals import estimates, point
from customer_success.pages.words import counted, estimate, known, percent, spoken

YEAR = 365  # days
# All opportunities of a type have the same measured and stated probability.
MEASURED = """
select opportunity_type, count(*) as n, max(probability) as probability, max(probability_n) as probability_n,
    max(probability_ci_low) as ci_low, max(probability_ci_high) as ci_high, max(stated_probability) as stated
from analytics.expansion_opportunities group by all
order by max(probability) desc nulls last, opportunity_type
"""


def probabilities(connection: duckdb.DuckDBPyConnection, vars_: dict[str, object]) -> Section:
    """One row per type: the measured share with its interval, or n where it is not measured."""
    title = "Measured against stated probability"
    rows = rows_of(connection, MEASURED)
    if not rows:
        return Section(title, "", [Panel("No opportunity has been identified yet.")])
    days = counted(vars_["opportunity_outcome_days"], "day")
    points = [
        point(
            spoken(row["opportunity_type"]),
            f"{_measured(row)}; {_stated(row)}",
            row["probability"],
            row["ci_low"],
            row["ci_high"],
            row["stated"],
        )
        for row in rows
    ]
    table = [
        [
            spoken(row["opportunity_type"]),
            row["n"],
            estimate(row["probability"], row["ci_low"], row["ci_high"], ".1%"),
            row["probability_n"],
            "none" if row["stated"] is None else percent(row["stated"]),
        ]
        for row in rows
    ]
    panel = estimates(
        points,
        f"Won within {days}",
        "Share of the opportunities of a type",
        alt.Axis(format="%", title="share won", tickCount=5),
        alt.Scale(domain=[0, 1]),
        ("type", "opportunities", "measured (95% interval)", "openings measured", "stated"),
        table,
    )
    reading = (
        f"Measured: the share won within {days} among the openings of the {_study(vars_)} that ends {days}"
        f" ago, from {counted(vars_['opportunity_min_n'], 'opening')} on. Stated: the documents' number,"
        " which rests on no data. The score of the signals of an opportunity is no probability and is not"
        " shown here."
    )
    return Section(title, _lead(rows), [panel], reading)


def _study(vars_: dict[str, object]) -> str:
    """The time whose openings are measured."""
    days = vars_["opportunity_study_days"]
    return "year" if days == YEAR else f"period of {counted(days, 'day')}"


def _lead(rows: list[dict]) -> str:
    measured = [row for row in rows if row["probability"] is not None]
    apart = [
        row
        for row in measured
        if row["stated"] is not None and not row["ci_low"] <= row["stated"] <= row["ci_high"]
    ]
    lead = f"{len(measured)} of {counted(len(rows), 'type')} can be measured"
    both = sum(row["stated"] is not None for row in measured)
    return lead + (f"; in {len(apart)} of {both} the stated number is outside the interval." if both else ".")


def _measured(row: dict) -> str:
    if row["probability"] is None:
        return f"not measured, n = {known(row['probability_n'], ',')}"
    measured = estimate(row["probability"], row["ci_low"], row["ci_high"], ".0%")
    return f"{measured}, n = {row['probability_n']:,}"


def _stated(row: dict) -> str:
    return "none stated" if row["stated"] is None else f"stated {percent(row['stated'])}"
