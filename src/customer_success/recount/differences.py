"""Finds the rows on which two sides differ."""

from __future__ import annotations

from typing import Protocol

import duckdb

from customer_success.recount.reading.contract import PERSONAL, RawTable
from customer_success.recount.staged_columns import STAGED


class TwoSides(Protocol):
    """Two queries with the same columns and the columns that make up their key."""

    table: RawTable
    raw: str
    staged: str
    key: tuple[str, ...]


def described(key: tuple[str, ...], values: tuple) -> str:
    """Return a key as text: ``ticket_id = t1, tag = bug``."""
    return ", ".join(f"{name} = {value}" for name, value in zip(key, values, strict=True))


def first_alone(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, key: tuple[str, ...]
) -> str | None:
    """Return the first key that ``one`` has more often than ``other``; None where there is none."""
    names = ", ".join(f'"{name}"' for name in key)
    row = connection.execute(
        f"select * from ((select {names} from ({one})) except all (select {names} from ({other})))"
        f" order by {names} limit 1"
    ).fetchone()
    return described(key, row) if row else None


def differing_columns(
    connection: duckdb.DuckDBPyConnection, sides: TwoSides, names: list[str]
) -> list[tuple[str, int, str]]:
    """Return (column, rows that differ, first of them with both values) of two sides with the same keys.

    Texts that a person wrote, and names of persons, are left out.
    """
    joined = " and ".join(f'ours."{name}" is not distinct from theirs."{name}"' for name in sides.key)
    key = ", ".join(f'ours."{name}"' for name in sides.key)
    found = []
    for name in names:
        query = (
            f"from ({sides.raw}) as ours join ({sides.staged}) as theirs on {joined}"
            f' where ours."{name}" is distinct from theirs."{name}"'
        )
        count = connection.execute(f"select count(*) {query}").fetchone()[0]
        row = connection.execute(
            f'select {key}, ours."{name}", theirs."{name}" {query} order by all limit 1'
        ).fetchone()
        *keys, raw, staged = row
        text = described(sides.key, tuple(keys))
        if STAGED[sides.table.name][name].strip('"') not in PERSONAL:
            text += f": staging has {staged}, raw {raw}"
        found.append((name, count, text))
    return found
