"""Opens a version that was just written, and compares it by value with the working database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from customer_success.sql import sql_text

from .catalogue import SCHEMA, Mart
from .hashes import TableHash, table_hash, tables_of
from .places import ANALYTICS, PARQUET, RESTRICTED, memory_limit

PUBLICATION, FILES = "publication", "publication_files"
WRITTEN = {PUBLICATION, FILES}  # tables that the publication fills; they are empty in the working database


class PublicationFailed(RuntimeError):
    """The written version is wrong; the published one stays."""


def audit(folder: Path, database: Path, marts: Sequence[Mart], publication: dict) -> None:
    """Compare the version in ``folder`` with the working ``database``, table by table and value by value.

    Raises `PublicationFailed` unless both DuckDB files have the tables and columns of the contracts, every
    table has the values of the working database, every Parquet file has those of its table and there is
    no other, ``publication`` is the one row of its table, and only the owner can read the restricted file.
    """
    public = {mart.name: mart.columns for mart in marts if mart.is_public}
    restricted = {mart.name: restricted_columns(mart) for mart in marts if mart.personal}
    wrong = []
    for file, tables in ((ANALYTICS, public), (RESTRICTED, restricted)):
        with duckdb.connect(str(folder / file), read_only=True) as connection:
            connection.execute(f"set memory_limit = '{memory_limit()}'")
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"attach {sql_text(database)} as working (read_only)")
            found = {name: tuple(columns) for name, columns in tables_of(connection).items()}
            if found != tables:
                wrong.append(f"{file}: tables or columns are not those of the contracts")
            both = {name: columns for name, columns in tables.items() if found.get(name) == columns}
            wrong += _other_values(connection, folder / PARQUET if file == ANALYTICS else None, both)
            if file == ANALYTICS and PUBLICATION in both:
                wrong += _other_publication(connection, publication)
    if {path.name for path in (folder / PARQUET).iterdir()} != {f"{name}.parquet" for name in public}:
        wrong.append(f"{PARQUET}: the files are not those of the published tables")
    if (folder / RESTRICTED).stat().st_mode & 0o077:
        wrong.append(f"{RESTRICTED} can be read by others")
    if wrong:
        raise PublicationFailed("The written version differs from the build: " + "; ".join(wrong))


def restricted_columns(mart: Mart) -> tuple[str, ...]:
    """Return the columns of a mart's table in the restricted file, in their order."""
    return (*(mart.key if mart.is_public else mart.columns), *mart.personal)


def _other_values(
    connection: duckdb.DuckDBPyConnection, parquet: Path | None, tables: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    """Return each table whose values differ from the working database or from its Parquet file."""
    for name, columns in tables.items():
        here = table_hash(connection, name, columns)
        if name not in WRITTEN:
            built = table_hash(connection, f"working.{SCHEMA}.{name}", columns)
            if here != built:
                yield _mismatch(name, here, "in the working database", built)
        file = parquet / f"{name}.parquet" if parquet else None
        if file and file.exists():
            copied = table_hash(connection, f"read_parquet({sql_text(file)})", columns)
            if here != copied:
                yield _mismatch(name, here, "in Parquet", copied)


def _mismatch(name: str, here: TableHash, where: str, there: TableHash) -> str:
    if here.row_count != there.row_count:
        return f"{name}: {here.row_count} rows, {there.row_count} {where}"
    return f"{name}: {here.row_count} rows, of which some have other values {where}"


def _other_publication(connection: duckdb.DuckDBPyConnection, publication: dict) -> Iterator[str]:
    """Return a problem where the table `publication` is not the one expected row."""
    found = connection.execute(f"from {PUBLICATION}").to_arrow_table().to_pylist()
    if found != [publication]:
        yield f"{PUBLICATION}: {found} instead of {[publication]}"
