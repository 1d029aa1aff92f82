"""Verifies the ledger: each chain in itself, the rows under it, and the heads of the published version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from customer_success.publish.gate import Problem

from . import chain
from .opening import LedgerUnreadable, opened
from .tables import FILES, HOUSEHOLDS, KINDS, SALTED, table

FILE = "docs/ledger.md"
# Kinds that may be noted after the head that a version carries: households that a build has seen since, and
# the hash of the version itself.
AFTER_THE_HEAD = (HOUSEHOLDS, FILES)
WAY_OUT = (
    "Put a backup of it in its place or, if there is none, run"
    ' `python -m customer_success.ledger restart --reason "what happened"`.'
)


def verify_ledger(ledger: Path) -> list[Problem]:
    """Return what is wrong with a ledger in itself; see `verify`."""
    try:
        with opened(ledger) as connection:
            return verify(connection) if has_tables(connection) else []
    except LedgerUnreadable as problem:
        return [_problem("ledger", f"{problem} {WAY_OUT}")]


def verify(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return what is wrong with the ledger that is open as `ledger`, at most a few sentences per kind.

    Each entry continues the one before, each batch has the rows that were hashed, and each row belongs to
    a batch. Of a row that an erasure removed only the leaf is known.
    """
    problems = []
    for kind in KINDS:
        found = _entries(connection, kind) or _batches(connection, kind)
        problems += [_problem(kind, message) for message in found or _rows(connection, kind)]
    return problems


def against(connection: duckdb.DuckDBPyConnection, published: dict) -> list[Problem]:
    """Return how the ledger differs from the heads of the published version.

    ``published`` is the row of `publication`. The ledger must have the heads that it carries. After them
    only kinds `AFTER_THE_HEAD` may have been noted. Versions from before there were chains
    carry none.
    """
    carried = chain.from_json(published.get("ledger_heads"))
    of = f"The version published as of {published['as_of_date']}"
    if not carried:
        seen = connection.execute(f"select count(*) from {table(HOUSEHOLDS)}").fetchone()[0]
        return [] if seen else [_problem("ledger", f"{of} exists, and the ledger is empty. {WAY_OUT}")]
    problems = []
    for kind, head in carried.items():
        message = _difference(connection, kind, head, published)
        if message:
            problems.append(_problem(kind, f"{message} {WAY_OUT}"))
    return problems


def has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open file has the tables of the ledger, chains included."""
    return {*KINDS, "chain", "chain_leaves", "household_salts"} <= _tables(connection)


def is_unchained(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open file is a ledger from before there were chains."""
    return HOUSEHOLDS in _tables(connection) and "chain" not in _tables(connection)


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    there = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'ledger' and schema_name = 'ledger'"
    ).fetchall()
    return {name for (name,) in there}


def _difference(
    connection: duckdb.DuckDBPyConnection, kind: str, head: chain.Head, published: dict
) -> str | None:
    rows = connection.execute(
        f"select sequence, entry, head, as_of_date, replaces from {table('chain')}"
        " where kind = ? order by sequence",
        [kind],
    ).fetchall()
    entries = {sequence: (entry, found) for sequence, entry, found, *_ in rows}
    of = f"the version published as of {published['as_of_date']}"
    if rows and rows[0][1] == "restart" and rows[0][4] == published.get("ledger_head"):
        head = chain.Head(1, rows[0][2])
    if not rows:
        return f"{kind}: the chain is empty; {of} was published at its batch {head.sequence}."
    if head.sequence not in entries:
        last, day = rows[-1][0], rows[-1][3]
        return (
            f"{kind}: the chain ends at batch {last} ({day}); {of} was published at batch {head.sequence}:"
            " what came after is missing."
        )
    if entries[head.sequence][1] != head.head:
        return (
            f"{kind}: batch {head.sequence} has the head {entries[head.sequence][1][:12]}…; {of} was"
            f" published with {head.head[:12]}…: this is another ledger, or it was rewritten."
        )
    for sequence, entry, _, day, _ in rows:
        if sequence > head.sequence and (kind not in AFTER_THE_HEAD or entry != "rows"):
            return (
                f"{kind}: batch {sequence} ({day}, {entry}) comes after batch {head.sequence},"
                f" with which {of} ended: no publication made it."
            )
    return None


def _entries(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    """Return the first place where an entry of a kind does not follow from the one before."""
    parts = ", ".join(f"cast({part} as varchar)" for part in chain.HEAD_PARTS)
    entries = connection.execute(
        f"select sequence, as_of_date, previous_head, head, sha256(cast(to_json([{parts}]) as varchar))"
        f" from {table('chain')} where kind = ? order by sequence",
        [kind],
    ).fetchall()
    before = chain.ORIGIN
    for expected, (sequence, day, previous, head, hashed) in enumerate(entries, start=1):
        if sequence != expected:
            return [f"{kind}: the chain has batch {sequence} ({day}) where batch {expected} should be."]
        if previous != before:
            return [f"{kind}: batch {sequence} ({day}) does not follow from batch {sequence - 1}."]
        if head != hashed:
            return [f"{kind}: the entry of batch {sequence} ({day}) was changed after it was written."]
        before = head
    return []


def _batches(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    """Return the batches whose hashes differ from those of their entry."""
    found = connection.execute(
        f"""
        with members as (
            select sequence, leaf from {table("chain_leaves")} where kind = $kind
            union all
            select erased_in, leaf from {table("chain_leaves")} where kind = $kind and erased_in is not null
        ),
        hashed as (
            select sequence, count(*) as row_count, {chain.content_hash("leaf")} as content_hash
            from members group by sequence
        )
        select
            coalesce(entries.sequence, hashed.sequence), entries.as_of_date,
            entries.row_count, hashed.row_count
        from (from {table("chain")} where kind = $kind) as entries
        full join hashed using (sequence)
        where
            coalesce(entries.row_count, 0) <> coalesce(hashed.row_count, 0)
            or (hashed.row_count > 0 and entries.content_hash is distinct from hashed.content_hash)
        order by 1
        """,
        {"kind": kind},
    ).fetchall()
    return [
        f"{kind}: batch {sequence} ({_day(day)}) was written with {expected or 0} row hashes"
        f" and has {present or 0}, or others."
        for sequence, day, expected, present in found
    ]


def _rows(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    """Return the batches whose rows are missing or changed, and the number of rows that no batch has."""
    connection.execute(
        f"""
        create or replace temp table unbalanced as
        select leaf, sum(rows) as rows
        from (
            select {chain.leaf(kind)} as leaf, 1 as rows {chain.lines(kind, table(kind))}
            union all
            select leaf, -1 from {table("chain_leaves")} where kind = '{kind}' and erased_in is null
        )
        group by leaf having sum(rows) <> 0
        """
    )
    lacking = connection.execute(
        f"""
        select entries.sequence, any_value(entries.as_of_date), any_value(entries.row_count), count(*)
        from unbalanced
        inner join {table("chain_leaves")} as leaves
            on unbalanced.leaf = leaves.leaf and leaves.kind = $kind and leaves.erased_in is null
        left join {table("chain")} as entries on entries.kind = $kind and leaves.sequence = entries.sequence
        where unbalanced.rows < 0
        group by entries.sequence order by entries.sequence
        """,
        {"kind": kind},
    ).fetchall()
    surplus = connection.execute("select coalesce(sum(rows), 0) from unbalanced where rows > 0").fetchone()[0]
    connection.execute("drop table unbalanced")
    salt = ", or their salt is" if kind in SALTED else ""
    found = [
        f"{kind}: {missing:,} of {rows:,} rows of batch {sequence} ({_day(day)}) are gone or edited{salt}."
        for sequence, day, rows, missing in lacking
    ]
    if surplus:
        why = "that no batch has" if kind in chain.heads(connection) else "and there is no chain"
        found.append(f"{kind}: {int(surplus):,} rows are in the table {why}.")
    return found


def _day(day: date | None) -> str:
    return str(day) if day else "no entry"


def _problem(name: str, message: str) -> Problem:
    return Problem(
        name=f"ledger: {name}" if name != "ledger" else name, status="fail", message=message, file=FILE
    )
