"""Noting what was published, in two steps that end at the same head.

`plan` computes before the swap the heads that the ledger will have after it, so that the published version
can carry them; `record` notes. A build that is killed in between leaves the name of its publication in
`pending`, and the next build notes what it published (`start.settle`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.checks import LOCK, read_lock, record_locked
from customer_success.churn.ledger import record_predictions
from customer_success.metrics.ledger import record_published, record_versions
from customer_success.publish import Places, record_publication

from . import chain
from .opening import HeadsDiffer, opened
from .tables import FILES, HOUSEHOLDS, PREDICTIONS, table


def plan(database: Path, ledger: Path, invocation_id: str) -> dict[str, chain.Head]:
    """Return the heads that the ledger will have once the build in ``database`` has been noted.

    Writes into the ledger what fixes them: the salts of new households, and the pending publication.
    """
    with opened(ledger, write=True, database=database) as connection:
        connection.begin()
        chain.make_salts(connection, "select household_id from analytics.ml_churn_predictions")
        connection.commit()
        connection.begin()
        _record(connection)
        heads = chain.heads(connection)
        connection.rollback()
        connection.begin()
        connection.execute(f"delete from {table('pending')}")
        connection.execute(
            f"insert into {table('pending')} select ?, as_of_date, ? from build.parameters",
            [invocation_id, chain.to_json(heads)],
        )
        connection.commit()
    return heads


def record(database: Path, ledger: Path, places: Places | None = None) -> dict[str, chain.Head]:
    """Note in ``ledger`` what the build in ``database`` has just published; return the heads.

    With ``places`` also the hash of the manifest of the version that readers see there. All of it or, where
    anything fails (duckdb.Error, `HeadsDiffer`), nothing.
    """
    with opened(ledger, write=True, database=database) as connection:
        return record_in(connection, places, ledger)


def record_in(
    connection: duckdb.DuckDBPyConnection, places: Places | None = None, ledger: Path | None = None
) -> dict[str, chain.Head]:
    """The same, with the working database and the ledger open."""
    connection.begin()
    try:
        _record(connection)
        heads = chain.heads(connection)
        planned = connection.execute(f"select heads from {table('pending')}").fetchone()
        if planned and _planned(chain.from_json(planned[0])) != _planned(heads):
            raise HeadsDiffer(
                "The ledger changed while this build was being published: the publication is not noted."
                " Run `python -m customer_success.ledger verify` to see where."
            )
        connection.execute(f"delete from {table('pending')}")
        if places and ledger:
            record_publication(connection, places, ledger)
            heads = chain.heads(connection)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    return heads


def _planned(heads: dict[str, chain.Head]) -> dict[str, chain.Head]:
    """Return the heads that are known before the swap.

    dbt notes households when it sees them; the files that readers see have no hash before they are there.
    """
    return {kind: head for kind, head in heads.items() if kind not in (HOUSEHOLDS, FILES)}


def _record(connection: duckdb.DuckDBPyConnection) -> None:
    chain.make_salts(connection, f"select household_id from {table(PREDICTIONS)}")
    record_versions(connection)
    record_published(connection)
    record_predictions(connection)
    if LOCK.exists():
        record_locked(connection, read_lock(LOCK))
