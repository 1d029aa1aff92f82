"""Reviews by platform: how many requests were answered, and the ratings."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.intervals import estimates, point
from customer_success.pages.words import estimate, spoken


def reviews(connection: duckdb.DuckDBPyConnection, _: dict[str, object]) -> Section:
    """Submission rate and mean rating per platform, with their intervals."""
    title = "Reviews"
    rows = rows_of(connection, "select * from analytics.rpt_reviews order by asked desc, platform")
    if not rows:
        return Section(title, "", [Panel("No review has been asked for or written yet.")])
    reading = (
        "Happy and unhappy customers are asked alike, and nobody gets money, credit or points for a"
        " review: the stores forbid it. Ratings are those of all reviews, asked for or not."
    )
    return Section(title, "", [_submitted(rows), _ratings(rows)], reading)


def _submitted(rows: list[dict]) -> Panel:
    points = [
        point(
            spoken(row["platform"]),
            f"{_rate(row, '.0%')}, {row['submitted']:,} of {row['asked']:,}",
            row["submission_rate"],
            row["ci_low"],
            row["ci_high"],
        )
        for row in rows
    ]
    table = [[spoken(row["platform"]), row["asked"], row["submitted"], _rate(row, ".1%")] for row in rows]
    axis = alt.Axis(format="%", title="share of the requests answered", tickCount=5)
    columns = ("platform", "asked", "submitted", "share (95% interval)")
    scale = alt.Scale(domain=[0, 1])
    return estimates(points, "Requests answered", "By platform", axis, scale, columns, table)


def _rate(row: dict, form: str) -> str:
    return estimate(row["submission_rate"], row["ci_low"], row["ci_high"], form)


def _ratings(rows: list[dict]) -> Panel:
    points = [
        point(
            spoken(row["platform"]),
            f"{_rating(row)}, n = {row['rating_n']:,}",
            row["mean_rating"],
            row["rating_ci_low"],
            row["rating_ci_high"],
        )
        for row in rows
    ]
    table = [[spoken(row["platform"]), _rating(row), row["rating_n"]] for row in rows]
    axis = alt.Axis(title="mean rating, 1 to 5 stars", values=[1, 2, 3, 4, 5], format="d")
    columns = ("platform", "mean rating (95% interval)", "reviews with a rating")
    scale = alt.Scale(domain=[1, 5])
    return estimates(points, "Ratings", "Mean by platform", axis, scale, columns, table)


def _rating(row: dict) -> str:
    return estimate(row["mean_rating"], row["rating_ci_low"], row["rating_ci_high"], ".1f")
