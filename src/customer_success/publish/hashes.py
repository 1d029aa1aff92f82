"""Hashes of published files and tables.

A file is hashed by SHA-256 over its bytes. A table is hashed by the sum of DuckDB's 64-bit hash of each row:
the order of rows does not matter, repeated rows count. DuckDB may change that hash from one version to the
next, so table hashes are only compared under the version of DuckDB that made them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb


class TableHash(NamedTuple):
    """Number of rows of a table, and the order-independent hash of its values (an integer as text)."""

    row_count: int
    content_hash: str


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; OSError where it cannot be read."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def table_hash(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> TableHash:
    """Hash the named columns of ``relation`` (anything that is valid after FROM), in the order given."""
    values = ", ".join(f'"{column}"' for column in columns)
    row_count, total = connection.execute(
        f"select count(*), cast(sum(cast(hash({values}) as hugeint)) as varchar) from {relation}"
    ).fetchone()
    return TableHash(row_count, total or "0")


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of each table and view of the open database, by name, in their order."""
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns()"
        " where database_name = current_database() and not internal group by all"
    ).fetchall()
    return dict(rows)


def table_hashes(file: Path) -> dict[str, TableHash]:
    """Hash every table of a DuckDB file; duckdb.Error where it cannot be opened."""
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found = tables_of(connection)
        return {name: table_hash(connection, f'"{name}"', found[name]) for name in sorted(found)}
