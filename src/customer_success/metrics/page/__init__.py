"""``python -m customer_success.metrics.page``: the published metrics on one page, and what is withheld."""

from __future__ import annotations

from pathlib import Path

from customer_success.pages import Page, open_build, page_command, read_build, write_page

from .facts import read_facts
from .latest import latest
from .segments import segments
from .trends import trends
from .withheld import withheld

__all__ = ["main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Every number has its interval, sample and period, and its definition under the pointer; a withheld
    value is shown as its reason. FileNotFoundError where there is no database,
    duckdb.Error where it cannot be opened or the metric marts are not in it, OSError where ``out`` cannot be
    written.
    """
    with open_build(database) as connection:
        build, facts = read_build(connection), read_facts(connection)
        sections = [part(facts) for part in (latest, segments, trends, withheld)]
    shown = sum(row["value"] is not None for row in facts.rows)
    known = [
        ("metrics", f"{len(facts.metrics)}"),
        ("values published", f"{shown:,}"),
        ("values withheld", f"{len(facts.rows) - shown:,}"),
    ]
    return write_page(Page("metrics", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.metrics.page", about, "metrics.html", render, arguments)
