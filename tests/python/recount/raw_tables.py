"""Raw tables made by hand, and the recount's reading of them."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from customer_success.building.candidate import project_variables
from customer_success.proofs import Candidate
from customer_success.publish import Places
from customer_success.recount.reading import read_raw
from customer_success.recount.reading.contract import BY_NAME

REPOSITORY = Path(__file__).resolve().parents[3]
AS_OF = date(2026, 3, 31)
EARLY, LATER = datetime(2026, 3, 1, 12), datetime(2026, 4, 1)
ARROW = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(28,12)": pa.decimal128(28, 12),
}


def variables() -> dict:
    return project_variables(REPOSITORY)


def write_csv(folder: Path, table: str, rows: list[dict], *more: str) -> None:
    """Write rows as text, with further columns; a missing value is empty, and read as null."""
    source, name = table.split(".")
    (folder / source).mkdir(parents=True, exist_ok=True)
    with (folder / source / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*BY_NAME[table].columns, *more], restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(folder: Path, table: str, rows: list[dict], **types: pa.DataType) -> None:
    """Write rows in the types of the contract, or in the given ones."""
    source, name = table.split(".")
    (folder / source).mkdir(parents=True, exist_ok=True)
    columns = {column: ARROW[kind] for column, kind in BY_NAME[table].columns.items()} | types
    arrow = pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items())))
    pq.write_table(arrow, folder / source / f"{name}.parquet")


def read(raw: Path | None, database: Path = Path("nowhere.duckdb"), as_of: date = AS_OF, ledger=None, **more):
    """Return a connection in which raw has been read."""
    connection = duckdb.connect()
    read_raw(connection, raw, database, as_of, variables() | more, ledger)
    return connection


def verdicts(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return {key: reason, or class where there is none} of all rows of a table."""
    name, key = table.replace(".", "__"), BY_NAME[table].key[0]
    rows = connection.execute(f"select {key}, coalesce(reason, row_class) from raw_read.{name}").fetchall()
    return dict(rows)


def candidate(database: Path, ledger: Path, raw: Path | None, **more: object) -> Candidate:
    """Return the candidate of a build of these files, or of a database's tables; ``more`` are vars."""
    with duckdb.connect(str(database), read_only=True) as connection:
        as_of = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    places = Places(database, database.parent)
    return Candidate(places, ledger, {}, {}, {**variables(), **more}, raw, as_of)


def write_households(folder: Path, **more) -> None:
    """Households h1 and h2 that hold, one that signs up after as_of_date, one that is in quarantine."""
    rows = [
        {"id": "h1", "name": "One", "created_at": EARLY, **more},
        {"id": "h2", "name": "Two", "created_at": EARLY},
        {"id": "later", "created_at": LATER},
        {"id": "bad", "created_at": EARLY, "closed_at": datetime(2026, 2, 1)},
    ]
    write_parquet(folder, "app.households", rows)


def kept(connection: duckdb.DuckDBPyConnection, table: str, columns: str = "*") -> list[tuple]:
    return connection.execute(f"select {columns} from raw_kept.{table} order by all").fetchall()
