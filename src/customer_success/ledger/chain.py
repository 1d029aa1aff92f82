"""The hash chain: one per kind of the ledger, one entry per batch of rows that a build appended.

A row's *leaf* is the SHA-256 of its text: a JSON array of "column=value" of all columns that are not null,
by name (so that a column added later changes no old leaf), doubles as `%.17g`. The *content hash* of a
batch is the SHA-256 of its leaves (hex), sorted and joined: rows have no order. The *head* of an entry is
the SHA-256 of a JSON array of the head before and everything else in the entry. A known head shows
whether anything before it was changed (Haber and Stornetta 1991, How to time-stamp a digital
document).

Erasure: rows that name a household have a leaf that begins with a random salt of that household. When the
household is erased, its rows and its salt go; the leaves stay, marked with the `erasure` entry that has
their number and hashes them once more. The chain stays valid, and without the salt a guess cannot be tested
on a leaf.

SQL is made here for both writers, Python and dbt (which asks for it through the project's DuckDB plugin),
so that the text of a row has one definition.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass

import duckdb

from .tables import KINDS, SALTED, table

ORIGIN = "0" * 64  # the head before the first entry
BATCH = "ledger_batch"  # temporary table of the rows that are being appended
HEAD_PARTS = ("previous_head", "kind", "sequence", "entry", "row_count", "content_hash")
HEAD_PARTS += ("invocation_id", "as_of_date", "note", "replaces")


@dataclass(frozen=True)
class Head:
    """Where the chain of one kind ends: number of its last entry, and that entry's hash (hex)."""

    sequence: int
    head: str


def leaf(kind: str) -> str:
    """Return the SQL of a row's leaf; the row is called `line`, its household's salt `salts.salt`."""
    fields = []
    for column, of in sorted(KINDS[kind].items()):
        text = f"printf('%.17g', line.{column})" if of == "double" else f"cast(line.{column} as varchar)"
        fields.append(f"'{column}=' || {text}")
    listed = ", ".join(fields)
    content = f"cast(to_json(list_filter([{listed}], lambda field: field is not null)) as varchar)"
    return f"unhex(sha256({'salts.salt || ' if kind in SALTED else ''}{content}))"


def lines(kind: str, relation: str) -> str:
    """Return the SQL of `from`: the rows of ``relation``, with the salt of each row's household."""
    salts = f" left join {table('household_salts')} as salts using (household_id)" if kind in SALTED else ""
    return f"from {relation} as line{salts}"


def append_script(
    kind: str, query: str, invocation: str, as_of_date: str, entry: str = "rows", replaces: str = "null"
) -> str:
    """Return the SQL that appends the rows of ``query`` to a kind, columns by name, as one batch.

    ``invocation``, ``as_of_date`` and ``replaces`` are SQL expressions. A batch of no rows leaves no entry.
    Where the kind has no chain yet, the rows that it has already go into its first entry. Run it in a
    transaction.
    """
    number = f"(select coalesce(max(sequence), 0) + 1 from {table('chain')} where kind = '{kind}')"
    old = f"where {number} = 1"
    return f"""
        create or replace temp table {BATCH} as from {table(kind)} where false;
        insert into {BATCH} by name {query};
        insert into {table("chain_leaves")} by name
        select '{kind}' as kind, {number} as sequence, {leaf(kind)} as leaf {lines(kind, BATCH)}
        union all by name
        select '{kind}' as kind, 1 as sequence, {leaf(kind)} as leaf {lines(kind, table(kind))} {old};
        insert into {table(kind)} by name from {BATCH};
        {entry_script(kind, entry, invocation, as_of_date, replaces)};
        drop table {BATCH};
    """


def entry_script(
    kind: str, entry: str, invocation: str, as_of_date: str, replaces: str = "null", note: str = "null"
) -> str:
    """Return the SQL that adds the entry over the leaves that bear its number; see `append_script`."""
    of = "erased_in" if entry == "erasure" else "sequence"
    parts = ", ".join(f"cast({part} as varchar)" for part in HEAD_PARTS)
    keep = "" if entry == "restart" else "where row_count > 0"
    return f"""
        insert into {table("chain")} by name
        with before as (
            select
                coalesce(max(sequence), 0) + 1 as number,
                coalesce(max_by(head, sequence), '{ORIGIN}') as previous_head
            from {table("chain")} where kind = '{kind}'
        ),
        content as (
            select count(*) as row_count, {content_hash("leaf")} as content_hash
            from {table("chain_leaves")} where kind = '{kind}' and {of} = (select number from before)
        ),
        named as (
            select
                '{kind}' as kind, number as sequence, '{entry}' as entry,
                row_count, content_hash, previous_head,
                cast({invocation} as varchar) as invocation_id, cast({as_of_date} as date) as as_of_date,
                cast({note} as varchar) as note, cast({replaces} as varchar) as replaces
            from before cross join content
        )
        select *, sha256(cast(to_json([{parts}]) as varchar)) as head from named {keep}
    """


def content_hash(leaves: str) -> str:
    """Return the SQL aggregate that hashes a batch: its leaves in hex, sorted and joined."""
    return f"sha256(coalesce(string_agg(lower(hex({leaves})), '' order by {leaves}), ''))"


def append(connection: duckdb.DuckDBPyConnection, kind: str, query: str) -> int:
    """Append the rows of ``query`` to a kind, as one batch of the build that is open; return how many.

    ``connection``: to the database of the build, with the ledger attached as `ledger` (writable). Its caller
    opens the transaction and commits it: rows, leaves and entry are written in one transaction.
    """
    if kind in SALTED:
        make_salts(connection, f"select household_id from ({query})")
    before = _count(connection, kind)
    connection.execute(append_script(kind, query, *_build(connection)))
    return _count(connection, kind) - before


def erase(connection: duckdb.DuckDBPyConnection, kind: str, gone: str) -> int:
    """Remove the rows of a salted kind for which the SQL condition ``gone`` holds; return how many.

    ``gone`` is over `household_id`. What stays of them is one `erasure` entry and their leaves, unsalted.
    """
    household = table("household_salts")
    leaves = f"select {leaf(kind)} {lines(kind, f'(from {table(kind)} where {gone})')}"
    number = f"(select max(sequence) + 1 from {table('chain')} where kind = '{kind}')"
    connection.execute(
        f"update {table('chain_leaves')} set erased_in = {number}"
        f" where kind = '{kind}' and erased_in is null and leaf in ({leaves})"
    )
    connection.execute(entry_script(kind, "erasure", *_build(connection)))
    before = _count(connection, kind)
    connection.execute(f"delete from {table(kind)} where {gone}")
    connection.execute(f"delete from {household} where {gone}")
    return before - _count(connection, kind)


def make_salts(connection: duckdb.DuckDBPyConnection, households: str) -> None:
    """Draw a salt for each household of the query, or of a row there is, that has none yet."""
    held = " union ".join(f"select household_id from {table(kind)}" for kind in SALTED)
    lacking = connection.execute(
        f"select household_id from ({held} union {households})"
        f" where household_id is not null"
        f" and household_id not in (select household_id from {table('household_salts')})"
    ).fetchall()
    if lacking:
        connection.execute(
            f"insert into {table('household_salts')} select unnest(?), unnest(?)",
            [[household for (household,) in lacking], [secrets.token_hex(16) for _ in lacking]],
        )


def heads(connection: duckdb.DuckDBPyConnection) -> dict[str, Head]:
    """Return the head of each kind that has a chain."""
    rows = connection.execute(
        f"select kind, max(sequence), max_by(head, sequence) from {table('chain')} group by kind"
    ).fetchall()
    return {kind: Head(sequence, head) for kind, sequence, head in rows}


def to_json(found: dict[str, Head]) -> str:
    """Return heads as the published version carries them: {kind: [sequence, head]}."""
    return json.dumps({kind: [one.sequence, one.head] for kind, one in sorted(found.items())})


def from_json(text: str | None) -> dict[str, Head]:
    """Return the heads that a published version carries; none where it was made before there were chains."""
    return {kind: Head(*one) for kind, one in json.loads(text or "{}").items()}


def one_head(found: dict[str, Head]) -> str:
    """Return the head over all kinds: the SHA-256 of the heads as JSON."""
    return hashlib.sha256(to_json(found).encode()).hexdigest()


def _count(connection: duckdb.DuckDBPyConnection, kind: str) -> int:
    return connection.execute(f"select count(*) from {table(kind)}").fetchone()[0]


def _build(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """Return, as SQL, the run of dbt and the as_of_date of the build that is open."""
    return (
        "(select any_value(invocation_id) from analytics.fct_metric_values)",
        "(select as_of_date from build.parameters)",
    )
