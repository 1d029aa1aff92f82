"""``python -m customer_success.churn.page``: the performance of the churn models, on one page."""

from __future__ import annotations

from pathlib import Path

from customer_success.pages import Page, open_build, page_command, read_build, write_page

from .calibration import calibration
from .candidates import candidates
from .card import model_card
from .facts import read_facts
from .hazards import hazards
from .importance import importance
from .outcomes import outcomes
from .ranking import ranking
from .survival import survival

__all__ = ["main", "render"]


def render(database: Path, out: Path) -> Path:
    """Write the page about the models in ``database`` (a finished build) to ``out`` and return ``out``.

    Probabilities, shares and AUC are 0-1, times days. A run that abstains, or a
    table without rows, gives sections with the reason and without a chart. FileNotFoundError where there is
    no database, duckdb.Error where it cannot be opened or the tables of the models are not in it, OSError
    where ``out`` cannot be written.
    """
    with open_build(database) as connection:
        build, facts = read_build(connection), read_facts(connection)
        parts = (candidates, ranking, calibration, outcomes, importance, survival, hazards, model_card)
        sections = [section(connection, facts) for section in parts]
    known = [("classifier", facts.verdict), ("model", facts.selected_spoken)]
    return write_page(Page("models", build, known, sections), out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; see ``page_command``."""
    about = __doc__.split("\n")[0]
    return page_command("customer_success.churn.page", about, "models.html", render, arguments)
