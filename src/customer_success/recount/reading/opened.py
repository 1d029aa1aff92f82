"""A connection in which the raw tables are read, the working database attached beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.places import memory_limit
from customer_success.recount.reading.landing import attach, identifier
from customer_success.recount.reading.read import read_raw
from customer_success.sql import sql_text


@contextmanager
def opened(candidate: Candidate) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """Yield a connection in which ``read_raw`` has run and the catalog of the working database, read-only.

    The proofs of one build share it: what a proof creates beside the raw tables it drops again.
    """
    with candidate.read_once("raw tables", lambda: _read(candidate)) as found:
        yield found


@contextmanager
def _read(candidate: Candidate) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """Read the raw tables; what exceeds DuckDB's memory is spilled to a folder that is gone afterwards."""
    database = candidate.places.database
    with (
        tempfile.TemporaryDirectory(prefix=".recount_", dir=database.parent) as spill,
        duckdb.connect(
            config={"memory_limit": memory_limit(), "preserve_insertion_order": False}
        ) as connection,
    ):
        connection.execute(f"set temp_directory = {sql_text(Path(spill).absolute())}")
        read_raw(
            connection,
            candidate.raw,
            database,
            candidate.as_of_date,
            candidate.variables,
            candidate.ledger,
        )
        yield connection, identifier(attach(connection, database, database.stem))
