"""Lies about the past: the ledger of what was published is emptied, cut, edited or exchanged."""

from __future__ import annotations

from pathlib import Path

from ..lie import Do, Lie, Replace, Sql

KIND = "ledger"
CHECK = "ledger"
VALUES = "ledger.ledger.published_metric_values"


def _sql(name: str, sql: str) -> Lie:
    return Lie(name, KIND, (Sql("ledger", sql),), CHECK)


def delete_ledger(folder: Path) -> None:
    """Remove the ledger as if the company had never published."""
    (folder / "warehouse" / "ledger.duckdb").unlink()


LIES = [
    _sql("The ledger is emptied", f"delete from {VALUES}"),
    _sql(
        "The ledger's last entries are cut off",
        f"delete from {VALUES} where publication_number = (select max(publication_number) from {VALUES})",
    ),
    _sql(
        "A published value is edited in the ledger",
        f"update {VALUES} set value = value * 1.1 where metric = 'mrr' and period_grain = 'month'",
    ),
    _sql(
        "A household is forgotten, as if it had never been",
        "delete from ledger.ledger.households_seen where household_hash ="
        " (select min(household_hash) from ledger.ledger.households_seen)",
    ),
    Lie("The ledger is deleted", KIND, (Do("ledger.duckdb", delete_ledger),), CHECK),
    Lie(
        "Restatements are not shown",
        KIND,
        (
            Replace(
                "models/marts/metrics/fct_metric_restatements.sql",
                "where was_published and (value is distinct from old_value)",
                "where was_published and (value is distinct from old_value) and false",
            ),
        ),
        "restatements",
    ),
]
