"""``python -m customer_success.voice.page``: what customers say and what follows from it, on one page."""

from __future__ import annotations

from pathlib import Path

from customer_success.build_vars import build_vars
from customer_success.pages import Page, open_build, page_command, read_build, rows_of, write_page

from .escalations import escalations
from .facts import Facts
from .keywords import keywords
from .loops import loops
from .rising import rising
from .surveys import surveys
from .themes import themes

__all__ = ["main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Net sentiment is -1 to 1, rates are 0-1. A table without rows gives a section with that message.
    FileNotFoundError where there is no database, duckdb.Error where it cannot be opened or the tables of the
    voice are not in it, OSError where ``out`` cannot be written.
    """
    parts = (themes, rising, keywords, loops, surveys, escalations)
    with open_build(database) as connection:
        build = read_build(connection)
        facts = Facts(build.as_of_date, build_vars(connection))
        (now,) = rows_of(
            connection,
            """select
                (select count(*) from analytics.fct_feedback_loops where status = 'overdue') as overdue,
                (select count(*) from analytics.fct_escalations where is_open) as escalated""",
        )
        sections = [part(connection, facts) for part in parts]
    known = [
        ("customers", f"{build.customers:,}"),
        ("loops overdue", f"{now['overdue']:,}"),
        ("open escalations", f"{now['escalated']:,}"),
    ]
    return write_page(Page("voice", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.voice.page", about, "voice.html", render, arguments)
