"""Where each raw table lies, and under which names its columns are there."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from customer_success.building.arguments import DEFAULT_RAW
from customer_success.building.raw_file import raw_file_problem
from customer_success.doctor.contract import Table
from customer_success.raw_database import VARIABLE, attach_raw_database
from customer_success.recount.reading.landing import in_database, in_folder

# In the order in which they are looked for; the first that is there counts.
FORMATS = {".parquet": "parquet", "/*.parquet": "parquet folder", ".csv": "csv", ".csv.gz": "csv.gz"}


@dataclass(frozen=True)
class Found:
    """A raw table that is there: what to select from, and its columns (lower case) with their types.

    ``place`` is where it was read; ``problem`` says why it cannot be read, empty where it can.
    """

    table: Table
    relation: str
    place: str
    format: str
    name: str
    types: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def has(self, *names: str) -> str | None:
        """Return the column under which one of the contract's names is there, the first that is."""
        for name in names:
            declared = self.table.column(name)
            for candidate in (name, *(declared.also if declared else ())):
                if candidate in self.types:
                    return candidate
        return None


@dataclass(frozen=True)
class Raw:
    """Where to look: a folder, or a database with the vars that name its schemas."""

    folder: Path | None
    database: str | None
    variables: Mapping[str, object]

    def __str__(self) -> str:
        return str(self.folder or self.database)

    def next_step(self) -> str:
        """Return the command that builds from here."""
        if self.folder is None:
            return f"{VARIABLE}={shlex.quote(str(self.database))} make build RAW="
        is_usual = str(self.folder) == DEFAULT_RAW
        return "make build" if is_usual else f"make build RAW={shlex.quote(str(self.folder))}"


def find_table(connection: duckdb.DuckDBPyConnection, table: Table, raw: Raw) -> Found | None:
    """Find a raw table under its name or one of its other names; None where it is absent."""
    for name in (table.name, *table.also):
        if raw.folder is None:
            catalog = _catalog(connection, raw)
            relation = in_database(connection, catalog, raw.variables, table.source, name)
            place, kind = str(relation), "table"
        else:
            relation, _ = in_folder(raw.folder, table.source, name)
            place, kind = _place(raw.folder, table.source, name)
        if relation is not None:
            return _described(connection, Found(table, relation, place, kind, name), raw.folder)
    return None


def other_tables(connection: duckdb.DuckDBPyConnection, raw: Raw, found: Mapping[str, Found]) -> list[str]:
    """Return the tables (``<source>.<table>``) that are there and that the build does not read."""
    read = {f"{one.table.source}.{one.name}" for one in found.values()}
    if raw.folder is None:
        schemas = {_schema(raw, one.table.source): one.table.source for one in found.values()}
        names = connection.execute(
            "select table_schema, lower(table_name) from information_schema.tables where table_catalog = ?",
            [_catalog(connection, raw)],
        ).fetchall()
        return sorted({f"{schemas[schema]}.{name}" for schema, name in names if schema in schemas} - read)
    names = set()
    for file in raw.folder.rglob("*"):
        ending = next(
            (ending for ending in (".parquet", ".csv.gz", ".csv") if file.name.endswith(ending)), None
        )
        parts = file.relative_to(raw.folder).parts
        if ending is None or not file.is_file():
            continue
        stem = [*parts[:-1], file.name.removesuffix(ending)]
        names.add(".".join(stem[:2]) if len(parts) == 3 and ending == ".parquet" else ".".join(stem))
    return sorted(names - read)


def behind(folder: Path, found: Found) -> list[str]:
    """Return further files of the same table, which are not read because another comes first."""
    places = [f"{found.table.source}/{found.name}{ending}" for ending in FORMATS]
    return [place for place in places if place != found.place and any(folder.glob(place))]


def _catalog(connection: duckdb.DuckDBPyConnection, raw: Raw) -> str:
    """Attach the database that has the raw tables; return the name of its catalog."""
    return attach_raw_database(connection, raw.database)


def _schema(raw: Raw, source: str) -> str:
    return str(raw.variables.get(f"raw_schema_{source}") or f"raw_{source}")


def _place(folder: Path, source: str, name: str) -> tuple[str, str]:
    for ending, kind in FORMATS.items():
        if any(folder.glob(f"{source}/{name}{ending}")):
            return f"{source}/{name}{ending}", kind
    return "", ""


def _described(connection: duckdb.DuckDBPyConnection, found: Found, folder: Path | None) -> Found:
    problem = raw_file_problem(str(folder / found.place)) if folder else ""
    if problem:
        return unreadable(found, problem)
    try:
        rows = connection.execute(f"describe from {found.relation}").fetchall()
    except duckdb.Error as why:
        return unreadable(found, why)
    types = {row[0].lower(): row[1].upper() for row in rows}
    return Found(found.table, found.relation, found.place, found.format, found.name, types)


def unreadable(found: Found, problem: object) -> Found:
    """Return the table with the first line of what the reader objects to."""
    line = next(iter(str(problem).strip().splitlines()), "unknown reason")
    return Found(found.table, found.relation, found.place, found.format, found.name, found.types, line)
