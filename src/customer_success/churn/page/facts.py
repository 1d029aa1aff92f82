"""Facts that the whole page uses: the run of the classifier in this build."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from customer_success.churn.config import BASE_RATE
from customer_success.churn.evaluate import NO_SKILL
from customer_success.pages import Panel, rows_of
from customer_success.pages.style import GREY, PALETTE
from customer_success.pages.words import spoken


@dataclass(frozen=True)
class Facts:
    """``run``: its row, None where there is none. ``models``: the candidates that were tested,
    the selected one first, the base rate last. ``populations``: the headline first, all customers last."""

    run: dict | None
    models: list[str]
    populations: list[str]
    synthetic: bool

    @property
    def run_id(self) -> str | None:
        """The run whose figures are shown."""
        return self.run and self.run["model_run_id"]

    @property
    def selected(self) -> str | None:
        """The candidate that predicts; None where the run abstains."""
        return self.run and self.run["selected_model"]

    @property
    def selected_spoken(self) -> str:
        """Its name in words."""
        return spoken(self.selected) if self.selected else "none"

    @property
    def verdict(self) -> str:
        """Whether it may predict, in two words."""
        if self.run is None:
            return "no run yet"
        return "abstains: no skill" if self.abstains else "has skill"

    @property
    def abstains(self) -> bool:
        """Whether the run abstains; False without a run."""
        return self.run is not None and self.run["status"] == NO_SKILL

    @property
    def colours(self) -> dict[str, str]:
        """Colour per candidate; grey for the base rate."""
        found = dict(zip(self.models, PALETTE, strict=False))
        return found | ({BASE_RATE: GREY} if BASE_RATE in found else {})

    def silence(self) -> Panel | None:
        """The message in place of a chart where the run has no model."""
        if self.run is None:
            return Panel("The classifier has not been run yet.")
        if self.abstains:
            return Panel("Not shown: the run abstains for the reason above, and there is no model to show.")
        return None

    @property
    def why(self) -> str:
        """The reason for abstaining as a sentence."""
        reason = (self.run and self.run["reason"]) or "no reason is recorded"
        return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read the run of this build and what was tested in it; duckdb.Error where the tables are not there."""
    runs = rows_of(connection, "select * from analytics.ml_model_runs where is_current")
    run = runs[0] if runs else None
    judged = rows_of(
        connection,
        "select distinct model, population from analytics.ml_model_metrics where model_run_id = ?",
        [run and run["model_run_id"]],
    )
    selected = run and run["selected_model"]
    models = sorted(
        {row["model"] for row in judged}, key=lambda name: (name != selected, name == BASE_RATE, name)
    )
    populations = sorted({row["population"] for row in judged}, key=lambda name: (name == "all", name))
    (households,) = rows_of(
        connection, "select coalesce(bool_or(is_synthetic), false) as some from analytics.dim_households"
    )
    return Facts(run, models, populations, households["some"])


def population_spoken(name: str) -> str:
    """A population as a heading."""
    if name == "all":
        return "All customers"
    days = re.fullmatch(r"active_last_(\d+)_days", name)
    return f"Active in the last {days[1]} days" if days else spoken(name).capitalize()
