"""Compares a mart with a query that must give the same rows, in both directions and null-safely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

# Values that are not shown: what persons wrote, and their names.
PERSONAL = {"household_name", "owner_name", "full_name", "email", "nps_comment", "issue_title"}
CLOSE = 1e-6  # of a value over 1; marts store parts of scores to six decimals
INEXACT = ("DOUBLE", "FLOAT", "DECIMAL")


@dataclass(frozen=True)
class Held:
    """A mart, and a query with the rows it must have.

    ``expected`` is SQL with the columns of ``key`` and those to compare; ``shown`` is the relation that is
    compared (left out: the mart), and ``where`` SQL for the rows of it that ``expected`` covers.
    """

    mart: str
    key: tuple[str, ...]
    expected: str
    where: str = "true"
    shown: str = ""

    @property
    def relation(self) -> str:
        """Return what is compared, as SQL to select from."""
        return self.shown or f"analytics.{self.mart}"


def of_rows(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    key: tuple[str, ...],
    rows: Sequence[Mapping[str, object]],
    *,
    prefix: str = "recounted",
    where: str = "true",
    shown: str = "",
) -> Held:
    """Register rows as the relation prefix_mart to compare with a mart, which must have none without rows."""
    if not rows:
        return Held(mart, key, f"select * from {shown or f'analytics.{mart}'} where false", where, shown)
    connection.register(f"{prefix}_{mart}", pd.DataFrame(rows).astype(object))
    return Held(mart, key, f"from {prefix}_{mart}", where, shown)


def columns_of(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    """Return the columns of a query and their types."""
    found = connection.execute(f"select column_name, column_type from (describe {query})")
    return dict(found.fetchall())


def has_mart(connection: duckdb.DuckDBPyConnection, mart: str) -> bool:
    """Return whether a mart is there."""
    return bool(
        connection.execute(
            "select 1 from information_schema.tables where table_schema = 'analytics' and table_name = ?",
            [mart],
        ).fetchone()
    )


def wrong_rows(connection: duckdb.DuckDBPyConnection, held: Held) -> list[str]:
    """Return a sentence per column that differs, or one on rows that only one side has."""
    try:
        return _wrong_rows(connection, held)
    except duckdb.Error as problem:  # a value that no rule allows, or a column that is gone
        return [f"{held.mart} cannot be compared: {problem}"]


def _wrong_rows(connection: duckdb.DuckDBPyConnection, held: Held) -> list[str]:
    types = columns_of(connection, f"select * from {held.relation}")
    names = list(columns_of(connection, held.expected))
    lacking = [name for name in names if name not in types]
    if lacking:
        return [f"{held.mart} has no column {lacking[0]}."]
    casts = ", ".join(f'cast("{name}" as {types[name]}) as "{name}"' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    ours = f"select {casts}, true as is_there from ({held.expected})"
    theirs = f"select {listed}, true as is_there from {held.relation} where {held.where}"
    expected, found = (_sum(connection, query, listed) for query in (ours, theirs))
    if expected == found:
        return []
    joined = " and ".join(f'ours."{name}" is not distinct from theirs."{name}"' for name in held.key)
    connection.execute(
        "create or replace temp table held_pairs as select ours, theirs"
        f" from ({ours}) as ours full join ({theirs}) as theirs on {joined}"
    )
    types = {name: types[name] for name in names if name not in held.key}
    wrong = _alone(connection, held) or _differing(connection, held, types)
    if not wrong and expected[0] != found[0]:
        wrong = [f"{held.mart} has {found[0]} rows for {expected[0]}: some are there twice."]
    return wrong


def _sum(connection: duckdb.DuckDBPyConnection, query: str, listed: str) -> tuple:
    """Return the rows of a query and the sum of their hashes, which does not depend on their order."""
    return connection.execute(f"select count(*), sum(hash({listed})) from ({query})").fetchone()


def _alone(connection: duckdb.DuckDBPyConnection, held: Held) -> list[str]:
    found = []
    for here, there, words in (
        ("theirs", "ours", "has a row that nothing gives"),
        ("ours", "theirs", "lacks a row"),
    ):
        rows = f"from held_pairs where {there}.is_there is null"
        count = connection.execute(f"select count(*) {rows}").fetchone()[0]
        if count:
            first = f"select {_keys(held, here)} {rows} order by all limit 1"
            key = connection.execute(first).fetchone()
            found.append(f"{held.mart} {words}: {_named(held, key)}. {count} rows.")
    return found


def _differing(connection: duckdb.DuckDBPyConnection, held: Held, types: dict[str, str]) -> list[str]:
    conditions = {name: _differs(name, kind) for name, kind in types.items()}
    if not conditions:
        return []
    counts = connection.execute(
        f"select {', '.join(f'count(*) filter (where {text})' for text in conditions.values())}"
        " from held_pairs"
    ).fetchone()
    found = []
    for (name, text), count in zip(conditions.items(), counts, strict=True):
        if count:
            *key, shown, given = connection.execute(
                f'select {_keys(held, "theirs")}, theirs."{name}", ours."{name}" from held_pairs'
                f" where {text} order by all limit 1"
            ).fetchone()
            values = "" if name in PERSONAL else f" is {shown}, and {given} by the recount"
            found.append(
                f"{held.mart}.{name} of {_named(held, tuple(key))}{values or ' differs'}. {count} rows."
            )
    return found


def _differs(name: str, kind: str) -> str:
    """Return SQL for two values that differ: stored decimals may differ by one in the sixth place."""
    one, other = f'theirs."{name}"', f'ours."{name}"'
    if not kind.startswith(INEXACT):
        return f"{one} is distinct from {other}"
    allowed = f"{CLOSE} * greatest(1, abs({other}))" if not kind.startswith("DECIMAL") else f"{CLOSE}"
    return f"(({one} is null) <> ({other} is null) or abs({one} - {other}) > {allowed})"


def _keys(held: Held, side: str) -> str:
    return ", ".join(f'{side}."{name}"' for name in held.key)


def _named(held: Held, key: tuple) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(held.key, key, strict=True))
