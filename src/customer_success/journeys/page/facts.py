"""Facts that the whole page of customers uses: the vars, the stages in their order, with a colour each."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from customer_success.build_vars import build_vars
from customer_success.pages import rows_of
from customer_success.pages.style import GREY, PALETTE

JOURNEY = {
    "onboarding": PALETTE[4],
    "adoption": PALETTE[0],
    "growth": PALETTE[2],
    "retention": PALETTE[6],
    "advocacy": PALETTE[3],
    "churned": GREY,
}
LIFECYCLE = {
    "trial": PALETTE[7],
    "onboarding": PALETTE[4],
    "adopting": PALETTE[0],
    "growing": PALETTE[2],
    "renewing": PALETTE[6],
    "expanding": "#0b7a75",
    "advocating": PALETTE[3],
    "at_risk": PALETTE[5],
    "churned": GREY,
}
CHURNED = "churned"


@dataclass(frozen=True)
class Facts:
    """``lifecycle``: its stages in the order of their table. ``at_risk``: households in that stage. ``vars``:
    those of the build by name."""

    lifecycle: list[str]
    at_risk: int
    vars: dict[str, object]


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read stages in order, households at risk and vars; duckdb.Error where the tables are missing."""
    stages = rows_of(connection, "select stage from analytics.dim_lifecycle_stages order by position")
    (at_risk,) = rows_of(
        connection,
        "select count(*) as n from analytics.fct_lifecycle_stages"
        " where is_current and stage_today = 'at_risk'",
    )
    return Facts([row["stage"] for row in stages], at_risk["n"], build_vars(connection))
