"""The proof of metrics: the values that readers would see equal those counted again from raw."""

from __future__ import annotations

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.recount.metrics.comparing import compare
from customer_success.recount.metrics.counting import count
from customer_success.recount.metrics.rules import Rules
from customer_success.recount.reading import sources_present
from customer_success.recount.reading.opened import opened

# The tables that are compared with the recount, and the household rows that explain a difference.
SHOWN = """
    select schema_name || '.' || table_name, table_name
    from duckdb_tables()
    where
        database_name = ?
        and (
            schema_name = 'analytics'
            and table_name in (
                'dim_metrics', 'published_metrics', 'withheld_metrics', 'fct_metric_values',
                'fct_customer_health', 'fct_feedback_loops'
            )
            or schema_name = 'intermediate' and starts_with(table_name, 'int_metric_')
        )
"""


def prove_metrics(candidate: Candidate) -> list[Problem]:
    """Count every metric again from the raw rows; one problem per metric that differs.

    Everything is counted beside the raw tables in memory; the working database is only read.
    """
    with opened(candidate) as (connection, catalog):
        try:
            show_marts(connection, catalog)
            count(
                connection,
                candidate.as_of_date,
                present=frozenset(sources_present(connection)),
                rules=Rules.read(candidate.variables),
            )
            return compare(connection)
        finally:
            for schema in ("marts", "recount"):
                connection.execute(f"drop schema if exists {schema} cascade")


def show_marts(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Show tables of an attached working database (its quoted name) as views of the schema `marts`."""
    connection.execute("create schema marts")
    for path, table in connection.execute(SHOWN, [catalog.strip('"')]).fetchall():
        connection.execute(f"create view marts.{table} as from {catalog}.{path}")
