"""The ledger: what builds remember of what earlier ones published. It lies in a file of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.churn.ledger import record_predictions
from customer_success.metrics import record_published
from customer_success.sql import sql_text


def record(database: Path, ledger: Path) -> None:
    """Note in ``ledger`` what the build in ``database`` has just published.

    All of it or, where anything fails (duckdb.Error), nothing.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"attach {sql_text(ledger)} as ledger (read_write)")
        connection.begin()
        record_published(connection)
        record_predictions(connection)
        connection.commit()
