"""The versions of checks that the ledger keeps: each one with which something was published.

Without them a change of a test together with its row in the lock would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from customer_success.ledger import chain
from customer_success.ledger.tables import CHECKS, table
from customer_success.sql import sql_text

from .lock import LOCK, Locked

TABLE = table(CHECKS)
Versions = dict[tuple[str, str, int], str]  # hash of the row of the lock by kind, name and version


def record_locked(connection: duckdb.DuckDBPyConnection, locked: Iterable[Locked]) -> None:
    """Note the versions that the ledger does not know yet; it is attached as `ledger`, writable."""
    known = _read(connection)
    new = [
        [*row.check.key, row.version, row.row_hash]
        for row in locked
        if (*row.check.key, row.version) not in known
    ]
    connection.execute(
        "create or replace temp table new_checks"
        " (kind varchar, name varchar, version bigint, row_hash varchar)"
    )
    if new:
        connection.executemany("insert into new_checks values (?, ?, ?, ?)", new)
    chain.append(connection, CHECKS, "from new_checks")
    connection.execute("drop table new_checks")


def known_versions(ledger: Path) -> Versions:
    """Return the versions that the ledger knows; none where it is not there or older than the lock."""
    if not ledger.exists():
        return {}
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(ledger)} as ledger (read_only)")
        try:
            return _read(connection)
        except duckdb.CatalogException:
            return {}


def forgotten(known: Versions, locked: Iterable[Locked]) -> list[tuple[str, str]]:
    """List checks whose known versions the lock has lost or changed: the name and a sentence."""
    present = {(*row.check.key, row.version): row.row_hash for row in locked}
    found = []
    for (kind, name, version), row_hash in sorted(known.items()):
        if (kind, name, version) not in present:
            message = f"{LOCK} no longer has it: rows are only added."
        elif present[kind, name, version] != row_hash:
            message = f"{LOCK} now has another row for it: a change is a new version."
        else:
            continue
        found.append((name, f"A publication was checked by version {version}, and {message}"))
    return found


def _read(connection: duckdb.DuckDBPyConnection) -> Versions:
    rows = connection.execute(f"select kind, name, version, row_hash from {TABLE}").fetchall()
    return {(kind, name, version): row_hash for kind, name, version, row_hash in rows}
