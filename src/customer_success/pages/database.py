"""What pages read from the database of a build."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Build:
    """The facts of a build on every page: its date, and the numbers of households and of simulated ones."""

    as_of_date: date | None
    households: int
    synthetic: int
    customers: int


@contextmanager
def open_build(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database of a finished build for reading; FileNotFoundError where there is none."""
    if not database.is_file():
        raise FileNotFoundError(f"there is no database {database}")
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def read_build(connection: duckdb.DuckDBPyConnection) -> Build:
    """Return what is in ``dim_households`` and ``build.parameters``; duckdb.Error where they are not."""
    (households,) = rows_of(
        connection,
        "select count(*) as households, count(*) filter (where is_synthetic) as synthetic,"
        " count(*) filter (where is_active) as customers from analytics.dim_households",
    )
    (dates,) = rows_of(connection, "select max(as_of_date) as as_of_date from build.parameters")
    return Build(**dates, **households)


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence = ()) -> list[dict]:
    """Return the rows of a query as dicts; decimals become floats, and what is no number (NaN) is unknown."""
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and math.isnan(value) else value
