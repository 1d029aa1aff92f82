"""Keywords in the comments of NPS answers."""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.style import ACCENT, GREY, PALETTE

from .facts import Facts

CATEGORIES = {"Detractor": PALETTE[5], "Passive": GREY, "Promoter": ACCENT}


def keywords(connection: duckdb.DuckDBPyConnection, _: Facts) -> Section:
    """Comments that contain each keyword, by category of the answer."""
    title = "Keywords in NPS comments"
    rows = rows_of(
        connection,
        """select keyword || ' (' || polarity || ')' as name, nps_category as part, mention_count as n
        from analytics.rpt_comment_keywords
        order by sum(mention_count) over (partition by keyword) desc, keyword, nps_category""",
    )
    if not rows:
        return Section(title, "", [Panel("No comment of an NPS answer contains a keyword.")])
    panel = bars_by_name(rows, CATEGORIES, "comments", "Comments with the keyword", "All comments so far")
    reading = (
        "The polarity is that of the keyword, whatever the comment says; the colour is the category of the"
        " answer. Keywords are a list of the project, not words of customers."
    )
    return Section(title, "", [panel], reading)
