"""Outcomes of the published predictions: live, not on held-out snapshots."""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.words import percent
from customer_success.statistics import share_interval

from .facts import Facts


def outcomes(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Predicted and real departures by the day of the prediction, as far as they are known."""
    title = "Outcomes of published predictions"
    rows = rows_of(
        connection,
        """select
            scored_as_of, count(*) as predicted, count(churned_next_30d) as known,
            count(*) filter (where churned_next_30d) as left_count,
            sum(churn_probability) filter (where churned_next_30d is not null) as expected
        from analytics.ml_prediction_outcomes group by scored_as_of order by scored_as_of desc""",
    )
    if not rows:
        return Section(title, "", [Panel("No prediction has been published before this build.")])
    columns = ("scored as of", "predicted", "outcome known", "expected to leave", "left", "share that left")
    table = [
        [row["scored_as_of"], row["predicted"], row["known"], *(_expected_and_left(row))] for row in rows
    ]
    reading = (
        "What happened to customers after a build had published a probability for them. The sum of the"
        " probabilities is the number expected to leave. An outcome is known when the 30 days are over"
        " and long enough ago for silence to count as churn. 95% intervals are Wilson's."
    )
    return Section(title, _lead(rows), [Panel("", columns=columns, rows=table)], reading)


def _expected_and_left(row: dict) -> list[object]:
    if not row["known"]:
        return ["unknown"] * 3
    share = share_interval(row["left_count"], row["known"])
    limits = f"{percent(share.ci_low)} to {percent(share.ci_high)}" if share.reason is None else share.reason
    return [f"{row['expected']:.1f}", row["left_count"], f"{percent(share.value)} ({limits})"]


def _lead(rows: list[dict]) -> str:
    known = sum(row["known"] for row in rows)
    predicted = sum(row["predicted"] for row in rows)
    if not known:
        return f"Of {predicted:,} published predictions no outcome is known yet."
    expected = sum(row["expected"] or 0 for row in rows)
    left = sum(row["left_count"] for row in rows)
    return (
        f"Of {predicted:,} published predictions the outcome of {known:,} is known: {expected:,.1f} were"
        f" expected to leave, {left:,} left."
    )
