"""``python -m customer_success.growth.page``: opportunities, candidates and advocates on one page."""

from __future__ import annotations

from pathlib import Path

from customer_success.build_vars import build_vars
from customer_success.pages import Page, open_build, page_command, read_build, rows_of, write_page

from .advocates import advocates
from .backtest import backtest
from .candidates import candidates
from .funnel import funnel
from .pipeline import pipeline
from .probabilities import probabilities
from .referrals import referrals
from .reviews import reviews

__all__ = ["main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Probabilities and rates are 0-1, values are in units of the reporting currency a month. What was not
    measured is shown as such with its n. FileNotFoundError where there is no database, duckdb.Error where it
    cannot be opened or the tables of growth are not in it, OSError where ``out`` cannot be written.
    """
    parts = (pipeline, probabilities, backtest, candidates, funnel, referrals, reviews, advocates)
    with open_build(database) as connection:
        build, vars_ = read_build(connection), build_vars(connection)
        (now,) = rows_of(
            connection,
            """select
                (select count(*) from analytics.expansion_opportunities
                where status = 'open') as "open opportunities",
                (select count(distinct household_id) from analytics.fct_growth_candidates) as candidates,
                (select count(*) from analytics.dim_advocates) as advocates""",
        )
        sections = [part(connection, vars_) for part in parts]
    known = [("customers", f"{build.customers:,}")]
    known += [(name, f"{n:,}") for name, n in now.items()]
    return write_page(Page("growth", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.growth.page", about, "growth.html", render, arguments)
