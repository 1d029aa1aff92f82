"""The raw contract as the doctor needs it: tables, columns, other names, keys and moments."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import yaml

from customer_success.recount.reading.contract import BY_NAME

HERE = Path(__file__).parent
SYNCED = "_fivetran_synced"


@dataclass(frozen=True)
class Column:
    """A column of the contract; ``also`` are further names under which the build reads it."""

    name: str
    type: str
    optional: bool
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A raw table of the contract.

    ``key`` identifies a row; ``moment`` is the column that dates it and ``household`` the one that holds the
    household's id, both None where the table has none. ``also`` are further names of the table.
    """

    source: str
    name: str
    columns: tuple[Column, ...]
    also: tuple[str, ...]
    key: tuple[str, ...]
    moment: str | None
    household: str | None

    @property
    def full(self) -> str:
        """Return ``<source>.<table>``."""
        return f"{self.source}.{self.name}"

    def column(self, name: str) -> Column | None:
        """Return a column by its name in the contract."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Absent:
    """What is unknown without a table or a column, and why."""

    unknown: str
    reason: str


def read_contract(project: Path) -> list[Table]:
    """Read ``models/staging/*/_*__sources.yml``, sorted by source and table.

    Raises ``FileNotFoundError`` where the folder is not this project.
    """
    files = sorted((project / "models" / "staging").glob("*/_*__sources.yml"))
    if not files:
        raise FileNotFoundError(f"{project.absolute()} has no models/staging/*/_*__sources.yml")
    tables = [
        _table(source["name"], declared)
        for file in files
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
        for declared in source["tables"]
    ]
    return sorted(tables, key=lambda table: table.full)


def read_absent() -> dict[tuple[str, str], Absent]:
    """Read what is unknown for want of each (table, column); the column is empty for the whole table."""
    with (HERE / "absent.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["column"]): Absent(row["unknown"], row["reason"])
            for row in csv.DictReader(file)
        }


def without_column(absent: dict[tuple[str, str], Absent], table: str, column: str) -> str:
    """Say what is null without an optional column."""
    known = absent.get((table, column)) or absent.get(("*", column))
    return known.unknown if known else "the column itself"


def _table(source: str, declared: dict) -> Table:
    name = f"{source}.{declared['name']}"
    columns = tuple(_column(column) for column in declared.get("columns") or ())
    names = {column.name for column in columns}
    known = BY_NAME.get(name)
    household = known.household if known else "household_id"
    has_household = household == "household_id" and household in names
    return Table(
        source=source,
        name=declared["name"].lower(),
        columns=columns,
        also=_also(declared),
        key=tuple(key for key in (known.key if known else ("id",)) if key in names),
        moment=known.own_date if known else None,
        household="household_id" if has_household else None,
    )


def _column(declared: dict) -> Column:
    return Column(
        name=declared["name"].lower(),
        type=str(declared.get("data_type", "varchar")).upper(),
        optional=bool(_meta(declared).get("optional", False)),
        also=_also(declared),
    )


def _also(declared: dict) -> tuple[str, ...]:
    return tuple(str(name).lower() for name in _meta(declared).get("also") or ())


def _meta(declared: dict) -> dict:
    return {**(declared.get("meta") or {}), **((declared.get("config") or {}).get("meta") or {})}
