"""``python -m customer_success.health.page``: the health of all customers on one page."""

from __future__ import annotations

from pathlib import Path

from customer_success.pages import Page, open_build, page_command, read_build, write_page

from .alerts import alerts
from .backtest import best_scorecard, ranking
from .distribution import distribution, share_of_bands
from .facts import read_facts
from .movers import movers

__all__ = ["best_scorecard", "main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Scores are points of 0-100, AUC 0-1, rates per cent, MRR units of the reporting currency a month. A table
    without rows gives a section with that message. FileNotFoundError where there is no database, duckdb.Error
    where it cannot be opened or the health tables are not in it, OSError where ``out`` cannot be written.
    """
    with open_build(database) as connection:
        build, facts = read_build(connection), read_facts(connection)
        parts = (distribution, share_of_bands, movers, ranking, alerts)
        sections = [section(connection, facts) for section in parts]
    known = [
        ("customers", f"{build.customers:,}"),
        ("primary scorecard", facts.primary or "unknown: no household has a score"),
    ]
    return write_page(Page("health", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.health.page", about, "health.html", render, arguments)
