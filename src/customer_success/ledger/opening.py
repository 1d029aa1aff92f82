"""Opens the ledger; an error says why where that is impossible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from customer_success.publish.locking import Busy, open_elsewhere
from customer_success.publish.places import memory_limit
from customer_success.sql import sql_text

from .tables import definition


class LedgerBusy(Busy):
    """Another process has the ledger open."""


class LedgerUnreadable(RuntimeError):
    """The file is no DuckDB database, or one that is damaged."""


class HeadsDiffer(RuntimeError):
    """The heads of the ledger differ from those that the published version carries."""


@contextmanager
def opened(
    ledger: Path, *, write: bool = False, database: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the ledger as `ledger`, beside the working database (read-only) or an empty one.

    With ``write`` a missing file and missing tables are made. Raises `LedgerBusy` where
    another process has it open and `LedgerUnreadable` where it is no database.
    """
    connection = duckdb.connect(str(database), read_only=True) if database else duckdb.connect()
    try:
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        connection.execute("set timezone = 'UTC'")
        mode = "read_write" if write else "read_only"
        try:
            connection.execute(f"attach {sql_text(ledger)} as ledger ({mode})")
        except (duckdb.IOException, duckdb.SerializationException) as problem:
            message = open_elsewhere(problem)
            if message:
                raise LedgerBusy(f"The ledger {message}. Close it there and try again.") from None
            raise LedgerUnreadable(
                f"{ledger} cannot be read as a ledger: {str(problem).splitlines()[0]}"
            ) from None
        if write:
            connection.execute(definition())
        yield connection
    finally:
        connection.close()
