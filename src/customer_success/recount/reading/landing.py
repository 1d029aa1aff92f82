"""Where a raw table lies, and its columns as text of SQL, each brought to the type of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from customer_success.raw_database import attach_raw_database
from customer_success.recount.reading.contract import SPELLINGS, RawTable
from customer_success.recount.reading.lists import connector_columns, regions
from customer_success.recount.reading.values import read_value
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
    source, first = table.name.split(".")
    for name in (first, *table.other_tables):
        if raw is None:
            catalog = attach_raw_database(connection) or attach(connection, database, database.stem)
            relation, is_text = in_database(connection, catalog, variables, source, name), False
        else:
            relation, is_text = in_folder(raw, source, name)
        if relation:
            break
    else:
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


def typed_columns(table: RawTable, landed: Landed | None) -> str:
    """Return the select list of the contract's columns, each typed; null where one is missing."""
    return ",\n    ".join(
        f"{read_column(table, column, landed)} as {identifier(column)}" for column in table.columns
    )


def read_column(table: RawTable, column: str, landed: Landed | None) -> str:
    """Return SQL for a column of ``landed`` in its type, words in the spelling of the contract."""
    wanted = table.columns[column]
    found = found_column(table, column, landed)
    if found is None:
        return f"cast(null as {wanted})"
    value = read_value(f"landed.{identifier(found)}", landed.columns[found], wanted)
    kind = table.kinds.get(column, "")
    if column == table.status_column and kind == "text":
        # Only some values of this column are words of the desk.
        is_word = "field_name in ('status', 'priority')"
        return f"case when {is_word} then nullif(lower(trim({value})), '') else {value} end"
    if kind not in ("word", "region", *SPELLINGS):
        return value
    trimmed = f"nullif(trim({value}), '')"
    if kind == "word":
        return f"lower({trimmed})"
    words = regions() if kind == "region" else SPELLINGS[kind]
    spelled = "".join(f" when {sql_text(word.lower())} then {sql_text(word)}" for word in words)
    return f"case lower({trimmed}){spelled} else {trimmed} end"


def found_column(table: RawTable, column: str, landed: Landed | None) -> str | None:
    """Return the name under which a column has arrived, in lower case; the first of its names counts."""
    names = (column, *table.others.get(column, ()))
    return next((name for name in names if landed and name in landed.columns), None)


def unreadable(table: RawTable, landed: Landed | None, *, moments: bool) -> str:
    """Return a condition: some moment (or some other value) is there and does not parse."""
    conditions = []
    for column, wanted in table.columns.items():
        found = found_column(table, column, landed)
        if found is None or landed.columns[found] == wanted or wanted == "VARCHAR":
            continue
        if (wanted == "TIMESTAMP") == moments:
            name = f"landed.{identifier(found)}"
            value = read_value(name, landed.columns[found], wanted)
            conditions.append(f"({name} is not null and {value} is null)")
    return " or ".join(conditions) or "false"


def says(landed: Landed | None, columns: tuple[str, ...], value: str) -> str:
    """Return a condition: one of these columns is there and has this value (true or false)."""
    there = [column for column in columns if landed and column in landed.columns]
    values = [read_value(f"landed.{identifier(name)}", landed.columns[name], "BOOLEAN") for name in there]
    conditions = [f"coalesce({said} = {value}, false)" for said in values]
    return f"({' or '.join(conditions)})" if conditions else "false"


def changed_at(landed: Landed | None) -> str:
    """Return SQL for when the source last changed a row; null where it does not say."""
    if not landed or "updated_at" not in landed.columns:
        return "null::timestamp"
    return read_value('landed."updated_at"', landed.columns["updated_at"], "TIMESTAMP")


def row_hash(table: RawTable, landed: Landed | None) -> str:
    """Return SQL for the MD5 of ``raw_row``: its columns as text, in the order in which connectors write."""
    if not landed:
        return "''"
    written = connector_columns(table.name)
    columns = [name for name in written if name in landed.columns]
    columns += [name for name in landed.columns if name not in written]
    texts = ", ".join(f"coalesce(raw_row.{identifier(name)}::varchar, '')" for name in columns)
    return f"md5(concat_ws('|', {texts}))"
