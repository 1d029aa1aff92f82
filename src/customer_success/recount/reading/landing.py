"""Where a raw table lies, and its columns as text of SQL, each brought to the type of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from customer_success.recount.reading.contract import RawTable
from customer_success.sql import sql_text

TEXT = "read_csv({}, all_varchar = true, header = true, allow_quoted_nulls = false)"
# The first that is there counts.
ENDINGS = (
    (".parquet", "read_parquet({})"),
    ("/*.parquet", "read_parquet({})"),
    (".csv", TEXT),
    (".csv.gz", TEXT),
)


@dataclass(frozen=True)
class Landed:
    """A raw table as it landed: what to select from, its columns (lower case) with their types.

    ``is_text``: every column is text that is parsed later (CSV).
    """

    relation: str
    columns: dict[str, str]
    is_text: bool


def identifier(name: str) -> str:
    """Return ``name`` as a quoted identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def attach(connection: duckdb.DuckDBPyConnection, file: Path, alias: str) -> str:
    """Attach a DuckDB file read-only unless it is attached already; return the name of its catalog."""
    opened = connection.execute("select path, database_name from duckdb_databases()").fetchall()
    for path, name in opened:
        if path and Path(path).resolve() == file.resolve():
            return name
    connection.execute(f"attach {sql_text(file)} as {identifier(alias)} (read_only)")
    return alias


def land(
    connection: duckdb.DuckDBPyConnection, table: RawTable, raw: Path | None, database: Path, variables: dict
) -> Landed | None:
    """Find a raw table; None where the company does not have it.

    In a folder the first of ``<table>.parquet``, ``<table>/*.parquet``, ``<table>.csv``, ``<table>.csv.gz``
    counts. CSV is read as text: a value that does not parse must be seen.
    """
    source, name = table.name.split(".")
    if raw is None:
        catalog = attach(connection, database, database.stem)
        relation, is_text = in_database(connection, catalog, variables, source, name), False
    else:
        relation, is_text = in_folder(raw, source, name)
    if relation is None:
        return None
    described = connection.execute(f"describe from {relation}").fetchall()
    return Landed(relation, {row[0].lower(): row[1].upper() for row in described}, is_text)


def in_folder(raw: Path, source: str, name: str) -> tuple[str | None, bool]:
    """Return how DuckDB reads a table's file, or None, and whether all its values are text."""
    place = raw.absolute() / source / name
    for ending, reader in ENDINGS:
        file = place.parent / f"{name}{ending}"
        if any(file.parent.glob(file.name)):
            return reader.format(sql_text(file)), reader is TEXT
    return None, False


def in_database(
    connection: duckdb.DuckDBPyConnection, catalog: str, variables: Mapping, source: str, name: str
) -> str | None:
    """Return the relation in which connectors land a table, or None where there is none."""
    schema = str(variables.get(f"raw_schema_{source}") or f"raw_{source}")
    found = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = ? and table_schema = ? and lower(table_name) = ?",
        [catalog, schema, name],
    ).fetchone()
    return f"{identifier(catalog)}.{identifier(schema)}.{identifier(name)}" if found[0] else None


def read_value(column: str, found: str | None, wanted: str) -> str:
    """Return SQL for a column of ``landed`` in its type; null where it is missing or does not parse.

    Moments are UTC. Text that states an offset is brought to UTC first: DuckDB drops the offset when it casts
    text to a timestamp without zone.
    """
    name = f"landed.{identifier(column)}"
    if found is None:
        return f"cast(null as {wanted})"
    if found == wanted:
        return name
    if wanted == "TIMESTAMP" and found == "VARCHAR":
        return f"cast(try_cast({name} as timestamptz) as timestamp)"
    return f"try_cast({name} as {wanted})"


def typed_columns(table: RawTable, landed: Landed | None) -> str:
    """Return the select list of the contract's columns, each typed."""
    found = landed.columns if landed else {}
    return ",\n    ".join(
        f"{read_value(column, found.get(column), wanted)} as {identifier(column)}"
        for column, wanted in table.columns.items()
    )


def unreadable(table: RawTable, landed: Landed | None, *, moments: bool) -> str:
    """Return a condition: some moment (or some other value) is there and does not parse."""
    conditions = [
        f"landed.{identifier(column)} is not null"
        f" and {read_value(column, landed.columns[column], wanted)} is null"
        for column, wanted in table.columns.items()
        if landed and column in landed.columns and landed.columns[column] != wanted
        if wanted != "VARCHAR" and (wanted == "TIMESTAMP") == moments
    ]
    return " or ".join(f"({condition})" for condition in conditions) or "false"
