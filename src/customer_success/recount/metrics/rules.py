"""The rules that may be tuned, with the values in force: vars of the build, and rows of the seeds of rules.

They become tables of the schema `recount`, which its SQL joins. What a metric means is no rule: that SQL and
``definitions`` state what is counted and over which windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from customer_success.recount.households.seeds import SEEDS, rows_of

# Table: the seed it is read from, and the columns that metrics depend on.
TABLES = {
    "plans": ("billing/plans.csv", "plan_type varchar, plan_rank integer, stripe_product_name varchar"),
    "features": ("product/features.csv", "feature_name varchar, tier varchar"),
    "event_features": ("product/event_features.csv", "event_name varchar, feature_name varchar"),
    "subscription_statuses": (
        "billing/subscription_statuses.csv",
        "status varchar, is_in_force boolean, is_paying boolean",
    ),
    "stripe_products": ("billing/stripe_products.csv", "product varchar, plan_type varchar"),
    "billing_intervals": (
        "billing/billing_intervals.csv",
        "billing_interval varchar, months_numerator integer, months_denominator integer",
    ),
    "nps_categories": (
        "feedback/nps_categories.csv",
        "category varchar, min_score integer, max_score integer",
    ),
    "health_bands": (
        "health/health_bands.csv",
        "health_model varchar, band varchar, min_score integer, max_score integer",
    ),
    "ticket_tags": ("support/ticket_tags.csv", "tag_pattern varchar, dimension varchar, value varchar"),
    "ticket_levels": ("support/ticket_levels.csv", "level varchar, level_rank integer"),
    "ticket_priorities": (
        "support/ticket_priorities.csv",
        "urgency varchar, impact varchar, priority varchar",
    ),
    "zendesk_priorities": ("support/zendesk_priorities.csv", "zendesk_priority varchar, priority varchar"),
    "public_email_domains": ("support/public_email_domains.csv", "domain varchar"),
    "onboarding_programs": (
        "journeys/onboarding_programs.csv",
        "program varchar, begins_with varchar, plan_type varchar, length_days integer",
    ),
    "onboarding_steps": (
        "journeys/onboarding_steps.csv",
        "program varchar, is_required boolean, criterion varchar, criterion_value varchar,"
        " is_first_value boolean",
    ),
    "ticket_slas": ("support/ticket_slas.csv", "priority varchar, resolution_sla_hours integer"),
}
VARIABLES = {
    "trailing_days": "integer",
    "history_weeks": "integer",
    "churn_inactivity_days": "integer",
    "adoption_days": "integer",
    "adoption_min_features": "integer",
    "primary_health_model": "varchar",
    "zero_decimal_currencies": "varchar[]",
    "reporting_currency": "varchar",
    "lapse_window_days": "integer",
}


@dataclass(frozen=True)
class Rules:
    """``variables`` by the names in ``VARIABLES``; ``rows``, as text, by the tables in ``TABLES``."""

    variables: Mapping[str, object]
    rows: Mapping[str, Sequence[Mapping[str, str]]]

    @classmethod
    def read(cls, variables: Mapping[str, object], seeds: Path = SEEDS) -> Rules:
        """Read the rules of a build: vars as dbt resolved them, and the seeds in a folder.

        Raises FileNotFoundError or KeyError where a seed or a var is missing.
        """
        return cls(
            variables={name: variables[name] for name in VARIABLES},
            rows={
                table: rows_of(seeds / file, may_be_absent=table == "stripe_products")
                for table, (file, _) in TABLES.items()
            },
        )

    def write(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create a table of each seed and `recount.settings`, one row of vars; empty fields are null.

        Raises KeyError where a column is missing, duckdb.ConversionException where a field is no number.
        """
        for table, (_, columns) in TABLES.items():
            names = [column.split()[0] for column in columns.split(", ")]
            rows = [[row[name] or None for name in names] for row in self.rows[table]]
            _fill(connection, table, columns, rows)
        columns = ", ".join(f"{name} {kind}" for name, kind in VARIABLES.items())
        _fill(connection, "settings", columns, [[self.variables[name] for name in VARIABLES]])


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[Sequence[object]]
) -> None:
    connection.execute(f"create table recount.{table} ({columns})")
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into recount.{table} values ({marks})", rows)
