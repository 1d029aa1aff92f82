"""``python -m customer_success.journeys.page``: where customers stand and how they got there, on one page."""

from __future__ import annotations

from pathlib import Path

from customer_success.pages import Page, open_build, page_command, read_build, write_page

from .engagement import engagement
from .facts import read_facts
from .flows import drop_off, flows
from .households import households
from .onboarding import onboarding
from .portfolios import portfolios
from .renewals import renewals
from .stages import stages_now, stages_over_time

__all__ = ["main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Shares are 0-1, MRR is in units of the reporting currency a month. A table without rows gives a section
    with that message. FileNotFoundError where there is no database, duckdb.Error where it cannot be opened or
    the tables of the journeys are not in it, OSError where ``out`` cannot be written.
    """
    with open_build(database) as connection:
        build, facts = read_build(connection), read_facts(connection)
        parts = (
            households,
            stages_now,
            stages_over_time,
            flows,
            drop_off,
            onboarding,
            engagement,
            renewals,
            portfolios,
        )
        sections = [part(connection, facts) for part in parts]
    known = [("customers", f"{build.customers:,}"), ("at risk", f"{facts.at_risk:,}")]
    return write_page(Page("customers", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.journeys.page", about, "customers.html", render, arguments)
