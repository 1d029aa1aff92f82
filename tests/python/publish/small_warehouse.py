"""A working database of a few tables whose rows have the number of their build.

`work` runs in a process that publishes it: a test kills it at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb

from customer_success.ledger.opening import opened
from customer_success.publish import Mart, Places, Publication, publish

ROWS = 2_000
ROW = ("as_of_date", "built_at", "git_commit", "dataset", "tests_passed", "validations_passed")
ROW = (*ROW, "validations_warned", "invocation_id", "ledger_head", "ledger_heads")
FILES = ("table_name", "row_count", "content_hash", "parquet_sha256")


def mart(name: str, columns: tuple[str, ...], personal: tuple[str, ...] = (), public: bool = True) -> Mart:
    words = {column: f"{column} of {name}" for column in (*columns, *personal)}
    return Mart(name, public, columns, personal, columns[:1], f"One row per row of {name}.", words)


MARTS = [
    mart("dim_households", ("household_id", "build"), ("owner_name",)),
    mart("dim_members_pii", ("member_id", "build"), ("email",), public=False),
    mart("fct_metric_values", ("metric", "build"), public=False),
    mart("fct_payments", ("charge_id", "build")),
    mart("publication", ROW),
    mart("publication_files", FILES),
]


def places(folder: Path) -> Places:
    return Places(folder / "working.duckdb", folder)


def build(folder: Path, number: int, households: int = ROWS, at_source: int | None = None) -> None:
    """Make the working database of one build; every row has its number.

    The source has as many households as the marts, or ``at_source`` where some are later than as_of_date.
    """
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute("create schema if not exists analytics")
        for one in MARTS:
            if one.name.startswith("publication"):
                continue
            key, personal = one.columns[0], one.personal
            named = "".join(f", 'person ' || i as {column}" for column in personal)
            connection.execute(
                f"create or replace table analytics.{one.name} as"
                f" select 'k' || i as {key}, {number} as build{named} from range({households}) as t(i)"
            )
        connection.execute(
            "create table if not exists analytics.publication (as_of_date date, built_at timestamp,"
            " git_commit varchar, dataset varchar, tests_passed bigint, validations_passed bigint,"
            " validations_warned bigint, invocation_id varchar, ledger_head varchar, ledger_heads varchar)"
        )
        connection.execute("create schema if not exists staging")
        connection.execute(
            "create or replace table staging.base_app__household_states as"
            f" select 'k' || i as known_household_id from range({at_source or households}) as t(i)"
        )
        connection.execute(
            "create table if not exists analytics.publication_files (table_name varchar, row_count bigint,"
            " content_hash varchar, parquet_sha256 varchar)"
        )


def publication(number: int) -> Publication:
    return Publication(
        as_of_date=date(2026, 6, 30),
        built_at=datetime(2026, 7, 1),
        git_commit="unknown",
        dataset="synthetic",
        tests_passed=number,
        validations_passed=1,
        validations_warned=0,
        invocation_id=str(number),
        ledger_head="0" * 64,
        ledger_heads="{}",
    )


def work(folder: Path, number: int) -> None:
    """Publish the working database as build ``number``."""
    publish(places(folder), MARTS, publication(number))


@contextmanager
def noting(ledger: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a ledger for writing beside what an appended batch says of its build."""
    with opened(ledger, write=True) as connection:
        connection.execute("create schema analytics")
        connection.execute("create table analytics.fct_metric_values as select 'one' as invocation_id")
        connection.execute("create schema build")
        connection.execute("create table build.parameters as select date '2026-06-30' as as_of_date")
        yield connection
