"""What a build notes in the ledger once it is published."""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.publish import Places, published_version


def remember(database: Path, ledger: Path) -> None:
    """Note in the ledger what has just been published."""
    from customer_success.ledger import record

    record(database, ledger)


def catch_up(places: Places, ledger: Path) -> None:
    """Note what readers have, where the build that published it was killed before it could.

    The working database has it until dbt builds anew. What the ledger knows already is not noted again.
    """
    published = published_version(places)
    if not (published and places.database.exists() and ledger.exists()):
        return
    try:
        with duckdb.connect(str(places.database), read_only=True) as connection:
            built = connection.execute("select any_value(invocation_id) from analytics.fct_metric_values")
            is_published = built.fetchone()[0] == published["invocation_id"]
        if is_published:
            remember(places.database, ledger)
    except duckdb.CatalogException:
        # The last build got not so far, or it is another ledger: what dbt has to say of that it says itself.
        return
