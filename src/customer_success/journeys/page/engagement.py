"""Levels of engagement by month."""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_month
from customer_success.pages.style import BEST_TO_WORST, UNKNOWN
from customer_success.pages.words import listed, percent

from .facts import Facts

LEVELS = {"high": BEST_TO_WORST[0], "medium": BEST_TO_WORST[2], "low": BEST_TO_WORST[4], "unknown": UNKNOWN}


def engagement(connection: duckdb.DuckDBPyConnection, _: Facts) -> Section:
    """Share of customers per level in each complete month."""
    title = "Engagement"
    rows = rows_of(
        connection,
        """select month_start as month, coalesce(engagement_level, 'unknown') as part, count(*) as n
        from analytics.fct_customer_engagement where is_complete group by all order by all""",
    )
    if not rows:
        return Section(title, "", [Panel("No month with customers is complete yet.")])
    last = rows[-1]["month"]
    now = {row["part"]: row["n"] for row in rows if row["month"] == last}
    total = sum(now.values())
    shares = [f"{percent(now[level] / total)} {level}" for level in LEVELS if level in now]
    lead = f"Of {total:,} customers in {last:%Y-%m}: {listed(shares)}."
    panel = bars_by_month(rows, LEVELS, "customers", "Levels of engagement", share=True)
    reading = (
        "The level is that of the engagement score of the month: 0 to 100, from what is known of logins, use,"
        " messages and care. Unknown: too little is known for a score. The present month has none before it"
        " is over."
    )
    return Section(title, lead, [panel], reading)
