"""A planted lie: a change to a company's copy of the project, its data or its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from .company import Company

DATABASES = {
    "working": "warehouse/working.duckdb",
    "ledger": "warehouse/ledger.duckdb",
    "published": "warehouse/versions/current/analytics.duckdb",
}


class Plant(Protocol):
    """One step of planting a lie."""

    def into(self, company: Company) -> None:
        """Change the company's copy."""

    @property
    def where(self) -> str:
        """Name the file that is changed, for the table in the documentation."""


@dataclass(frozen=True)
class Replace:
    """Replace a text that occurs exactly once in a file of the project."""

    file: str
    honest: str
    planted: str

    @property
    def where(self) -> str:
        return Path(self.file).name

    def into(self, company: Company) -> None:
        """Raises ValueError where the honest text is not there exactly once."""
        path = company.folder / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.honest) != 1:
            raise ValueError(f"{self.file} has {self.honest!r} {text.count(self.honest)} times, not once")
        path.write_text(text.replace(self.honest, self.planted), encoding="utf-8")


@dataclass(frozen=True)
class Sql:
    """Run SQL on a database of the company: `working`, `ledger` or `published`."""

    database: str
    sql: str

    @property
    def where(self) -> str:
        return Path(DATABASES[self.database]).name

    def into(self, company: Company) -> None:
        """Raises duckdb.Error where the SQL does not run."""
        with duckdb.connect(str(company.folder / DATABASES[self.database])) as connection:
            connection.execute(self.sql)


@dataclass(frozen=True)
class Raw:
    """Replace a raw table by a query on it, in which the table is called `rows`."""

    table: str
    sql: str

    @property
    def where(self) -> str:
        return f"raw {self.table}"

    def into(self, company: Company) -> None:
        """Write a new file; other companies share the old one by a hard link."""
        source, name = self.table.split(".")
        path = company.folder / "data" / "raw" / source / f"{name}.parquet"
        new = path.with_suffix(".new")
        with duckdb.connect() as connection:
            connection.execute(f"create view rows as from read_parquet('{path}')")
            connection.execute(f"copy ({self.sql}) to '{new}' (format parquet)")
        new.replace(path)


@dataclass(frozen=True)
class Do:
    """Change the company's files by a function of its folder."""

    where: str
    change: Callable[[Path], None]

    def into(self, company: Company) -> None:
        self.change(company.folder)


@dataclass(frozen=True)
class Lie:
    """A lie, and the check that must stop the build.

    ``kind`` is the class of the lie. ``check`` is part of the name of a problem that the build reports.
    ``full`` rebuilds incremental models, ``model`` needs a company that is large enough for a classifier,
    ``landed`` one whose raw tables are as connectors land them.
    """

    name: str
    kind: str
    plants: tuple[Plant, ...]
    check: str
    full: bool = False
    model: bool = False
    landed: bool = False

    @property
    def where(self) -> str:
        """Name the files that are changed."""
        return ", ".join(dict.fromkeys(plant.where for plant in self.plants))
