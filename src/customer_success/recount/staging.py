"""Staging against raw, by value: per column the rows and a sum of hashes of (row key, value), on each side.

A sum of hashes does not depend on the order of rows, and hashing the key with the value shows values that
have changed places. Only where two sums differ are rows compared one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.recount.differences import differing_columns, first_alone
from customer_success.recount.reading.contract import TABLES, RawTable
from customer_success.recount.reading.opened import opened
from customer_success.recount.staged_columns import ONLY_THE_LATEST, STAGED
from customer_success.recount.verdicts import compare_verdicts

LOADED = "_fivetran_synced"

# Raw tables of which a further staging model has the rows that lead to no household.
UNLINKED = {"stripe.subscription_history"}


@dataclass(frozen=True)
class Sides:
    """The kept rows of a raw table and the staged ones as queries with the same columns, and their key."""

    table: RawTable
    model: str
    raw: str
    staged: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def problem(self, what: str, message: str) -> Problem:
        """Return a problem of this model, or of one of its columns."""
        source = self.table.name.split(".")[0]
        where = f"models/staging/{source}/{self.model}.sql"
        return Problem(f"staging against raw: {what}", "fail", message, where)


def prove_staging(candidate: Candidate) -> list[Problem]:
    """Compare each staging model, base model and quarantine table with the recount's reading of raw."""
    with opened(candidate) as (connection, catalog):
        return compare(connection, catalog)


def compare(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[Problem]:
    """Compare an attached working database with what ``read_raw`` has read in this connection."""
    problems = _unproved(connection, catalog)
    for table in TABLES:
        problems += compare_staged(connection, catalog, table)
        if table.name in UNLINKED:
            problems += compare_staged(connection, catalog, table, is_linked=False)
        problems += compare_verdicts(connection, catalog, table)
    return problems


def _unproved(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[Problem]:
    known = {f"stg_{table.flat_name}" for table in TABLES}
    known |= {_model(table, is_linked=False) for table in TABLES if table.name in UNLINKED}
    found = connection.execute(
        "select table_name from information_schema.tables where table_catalog = ?"
        " and table_schema = 'staging' and starts_with(table_name, 'stg_') order by table_name",
        [catalog.strip('"')],
    ).fetchall()
    return [
        Problem(
            f"staging against raw: {name}",
            "fail",
            f"staging.{name} has no proof: add its raw table to customer_success.recount.",
            "src/customer_success/recount/staged_columns.py",
        )
        for (name,) in found
        if name not in known
    ]


def _model(table: RawTable, is_linked: bool) -> str:
    """Return the staging model of a raw table, or the one of its rows that lead to no household."""
    source, name = table.name.split(".")
    return f"stg_{source}__{'' if is_linked else 'unlinked_'}{name}"


def compare_staged(
    connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable, is_linked: bool = True
) -> list[Problem]:
    """Return what differs between the kept rows of a raw table and its staging model.

    With ``is_linked`` false: between the rows that are quarantined for want of a household and their model.
    """
    model = _model(table, is_linked)
    kept = f"raw_kept.{table.flat_name}"
    unlinked = f"raw_read.{table.flat_name} where reason = 'unknown_household'"
    relation = f"{catalog}.staging.{model}"
    expected = STAGED[table.name]
    try:
        found = dict(
            connection.execute(f"select column_name, column_type from (describe {relation})").fetchall()
        )
    except duckdb.CatalogException:
        missing = Sides(table, model, "", "", (), ())
        return [missing.problem(model, f"staging.{model} is missing: {table.name} has no staging model.")]
    columns = tuple(name for name in found if name in expected)
    sides = Sides(
        table,
        model,
        raw=f"select {', '.join(f'{expected[name]} as {name}' for name in columns)}"
        f" from {kept if is_linked else unlinked}",
        staged=f"select {', '.join(columns)} from {relation}",
        columns=columns,
        key=tuple(name for part in table.key for name in columns if expected[name].strip('"') == part),
    )
    problems = _wrong_columns(connection, sides, found, expected)
    return problems or _compare_values(connection, sides)


def _wrong_columns(
    connection: duckdb.DuckDBPyConnection, sides: Sides, found: dict[str, str], expected: dict[str, str]
) -> list[Problem]:
    """Return columns without a proof, columns that are missing, and columns of another type."""
    messages = dict.fromkeys(found.keys() - expected, "it has no proof: add it to staged_columns")
    messages |= dict.fromkeys(expected.keys() - found, "it is missing")
    if not messages:
        types = connection.execute(f"select column_name, column_type from (describe {sides.raw})").fetchall()
        messages = {
            name: f"its type is {found[name]}, and by the contract {wanted}"
            for name, wanted in types
            if found[name] != wanted
        }
    return [
        sides.problem(f"{sides.model}.{name}", f"staging.{sides.model}.{name}: {message}.")
        for name, message in sorted(messages.items())
    ]


def _compare_values(connection: duckdb.DuckDBPyConnection, sides: Sides) -> list[Problem]:
    raw_rows, raw_key, *raw_sums = _sums(connection, sides.raw, sides)
    rows, key, *sums = _sums(connection, sides.staged, sides)
    name = sides.table.name
    if (raw_rows, raw_key) != (rows, key):
        missing = first_alone(connection, sides.raw, sides.staged, sides.key)
        more = first_alone(connection, sides.staged, sides.raw, sides.key)
        found = [f"first {what}: {row}" for what, row in (("not staged", missing), ("not raw", more)) if row]
        message = (
            f"staging.{sides.model} has {rows:,} rows, and {raw_rows:,} rows of raw {name} hold"
            f" ({'; '.join(found)})."
        )
        return [sides.problem(sides.model, message + _remedy(name))]
    problems, different = [], []
    for column, ours, theirs in zip(sides.columns, raw_sums, sums, strict=True):
        if (name, column) not in ONLY_THE_LATEST:
            different += [column] if ours != theirs else []
        elif theirs is not None and (ours is None or theirs > ours):
            message = f"staging.{sides.model}.{column} reaches to {theirs}, that of raw {name} to {ours}."
            problems.append(sides.problem(f"{sides.model}.{column}", message))
    for column, count, row in differing_columns(connection, sides, different):
        message = f"staging.{sides.model}.{column} differs from raw {name} in {count:,} of {rows:,} rows"
        message += f", first at {row}." + _remedy(name)
        problems.append(sides.problem(f"{sides.model}.{column}", message))
    return problems


def _sums(connection: duckdb.DuckDBPyConnection, query: str, sides: Sides) -> tuple:
    """Return the rows, the sum of the hashes of keys, and per column that of the hashes of key and value.

    For columns of which only the latest value is compared, the result is that value.
    """
    only_latest = {column for name, column in ONLY_THE_LATEST if name == sides.table.name}
    sums = ", ".join(
        f'max("{name}")' if name in only_latest else f'sum(hash(_key, "{name}"))' for name in sides.columns
    )
    key = ", ".join(f'"{name}"' for name in sides.key)
    return connection.execute(
        f"select count(*), sum(_key), {sums} from (select *, hash({key}) as _key from ({query}))"
    ).fetchone()


def _remedy(table: str) -> str:
    """Suggest a remedy for rows that are checked once: raw rows may have been changed after that."""
    if table != "product.events":
        return ""
    return " If raw events were changed after they were first read, build with --full-refresh."
