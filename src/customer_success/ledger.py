"""The ledger: what builds remember of what earlier ones published. It lies in a file of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.checks import LOCK, read_lock, record_locked
from customer_success.churn.ledger import record_predictions
from customer_success.metrics import record_published
from customer_success.publish import Places, record_publication


def record(places: Places, ledger: Path) -> None:
    """Note in ``ledger`` what the build in the working database of ``places`` has just published.

    All of it or, where anything fails (duckdb.Error), nothing.
    """
    with duckdb.connect(str(places.database), read_only=True) as connection:
        connection.execute(f"attach '{ledger}' as ledger (read_write)")
        connection.begin()
        record_published(connection)
        record_predictions(connection)
        if record_publication(connection, places, ledger) and LOCK.exists():
            record_locked(connection, read_lock(LOCK))
        connection.commit()
