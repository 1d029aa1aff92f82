"""What one pass over a raw table tells: rows, times, values that do not cast, rows that do not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from customer_success.doctor.contract import SYNCED
from customer_success.doctor.found import Found
from customer_success.doctor.left_out import is_deleted, is_not_live
from customer_success.doctor.moments import at, epoch, offset, text_of, value, with_moments
from customer_success.doctor.words import Words
from customer_success.recount.reading.landing import identifier

# Above so many rows (bytes of CSV, whose rows are only known once read) keys are counted in a sample.
EXACT_ROWS, EXACT_BYTES = 5_000_000, 512 * 1024**2
SAMPLE = 64
OCCURRED, RECEIVED = "occurred_at", "received_at"
WORD_LENGTH = 60


@dataclass(frozen=True)
class Cast:
    """Values of one column: all, those that do not cast, and the first of these with its row's key."""

    column: str
    type: str
    values: int
    bad: int
    example: str


@dataclass(frozen=True)
class Moments:
    """Values of one column of moments that state an offset or zone, and those that are epoch numbers."""

    column: str
    with_offset: int
    epoch: int


@dataclass(frozen=True)
class Profile:
    """One table as read. Moments are UTC; a count is None where the table lacks the column for it.

    ``loaded_twice`` are rows beyond the first of their key, ``collisions`` further households of one key;
    both are estimates from one key in `SAMPLE` where ``is_sampled``. ``received_early`` are rows that
    occurred after they were received, ``too_early`` those of them beyond the tolerance (quarantined).
    ``unknown_households`` are rows whose household is not in app.households. ``unknown_household``
    is one of them. ``words`` maps a column to its values (trimmed) and their rows.
    """

    rows: int = 0
    newest_load: datetime | None = None
    first: datetime | None = None
    last: datetime | None = None
    null_keys: int | None = None
    loaded_twice: int | None = None
    collisions: int | None = None
    is_sampled: bool = False
    deleted: int | None = None
    not_live: int | None = None
    received_early: int | None = None
    too_early: int | None = None
    unknown_households: int | None = None
    unknown_household: str = ""
    casts: list[Cast] = field(default_factory=list)
    moments: list[Moments] = field(default_factory=list)
    words: dict[str, dict[str, int]] = field(default_factory=dict)


def is_big(connection: duckdb.DuckDBPyConnection, found: Found, folder: Path | None) -> bool:
    """Say whether keys are counted in a sample; the rows of CSV are only known after reading it."""
    if found.format.startswith("csv"):
        return (folder / found.place).stat().st_size > EXACT_BYTES
    return connection.execute(f"select count(*) from {found.relation}").fetchone()[0] > EXACT_ROWS


def profile(
    connection: duckdb.DuckDBPyConnection, found: Found, words: list[Words], tolerance: int, *, sampled: bool
) -> Profile:
    """Read a table once, only the columns of the contract; raises ``duckdb.Error`` where that fails.

    ``tolerance`` is in hours. Table ``known_households`` (id) must be there; where it is empty nothing is
    said of unknown households.
    """
    casts, moments, enumerations = _casts(found), _moments(found), _enumerations(found, words)
    has_households = connection.execute("select count(*) > 0 from known_households").fetchone()[0]
    wanted = {"rows": "count(*)"} | _times(found, tolerance) | _keys(found, sampled)
    wanted |= _left_out(found, has_households)
    for number, (column, _, bad) in enumerate(casts):
        wanted[f"values_{number}"] = f"count({identifier(column)})"
        wanted[f"bad_{number}"] = f"count(*) filter (where {bad})"
        example = f"{{'key': {_key_text(found)}, 'value': left({text_of(column)}, 80)}}"
        wanted[f"example_{number}"] = f"min(case when {bad} then {example} end)"
    for number, column in enumerate(moments):
        wanted[f"offset_{number}"] = f"count(*) filter (where {offset(column)})"
        wanted[f"epoch_{number}"] = f"count(*) filter (where {epoch(column)})"
    for number, (word, column) in enumerate(enumerations):
        where = f"{identifier(column)} is not null" + (f" and {word.where}" if word.where else "")
        text = f"left({text_of(column)}, {WORD_LENGTH})"
        wanted[f"words_{number}"] = f"histogram({text}) filter (where {where})"
    read = _one_row(connection, wanted, with_moments(found.relation, moments))
    return _profile(read, sampled, casts, list(moments), enumerations)


def _profile(
    read: dict,
    sampled: bool,
    casts: list[tuple[str, str, str]],
    moments: list[str],
    enumerations: list[tuple[Words, str]],
) -> Profile:
    scale = SAMPLE if sampled else 1
    return Profile(
        rows=read["rows"],
        newest_load=read.get("newest_load"),
        first=read.get("first"),
        last=read.get("last"),
        null_keys=read.get("null_keys"),
        loaded_twice=_difference(read, "keyed", "keys", scale),
        collisions=_difference(read, "pairs", "keys", scale),
        is_sampled=sampled,
        deleted=read.get("deleted"),
        not_live=read.get("not_live"),
        received_early=read.get("received_early"),
        too_early=read.get("too_early"),
        unknown_households=read.get("unknown_households"),
        unknown_household=_example(read.get("unknown_household")),
        casts=[
            Cast(column, kind, read[f"values_{n}"], read[f"bad_{n}"], _example(read[f"example_{n}"]))
            for n, (column, kind, _) in enumerate(casts)
        ],
        moments=[
            Moments(column, read[f"offset_{n}"], read[f"epoch_{n}"]) for n, column in enumerate(moments)
        ],
        words={word.column: read[f"words_{n}"] or {} for n, (word, _) in enumerate(enumerations)},
    )


def _moments(found: Found) -> dict[str, str]:
    """Return the columns of moments that are there, with their types."""
    return {
        column: found.types[column]
        for declared in found.table.columns
        if declared.type == "TIMESTAMP" and (column := found.has(declared.name))
    }


def _enumerations(found: Found, words: list[Words]) -> list[tuple[Words, str]]:
    """Return the words whose column is there, with that column."""
    return [
        (word, column)
        for word in words
        if (column := found.has(word.column)) and (not word.where or word.where.split()[0] in found.types)
    ]


def _times(found: Found, tolerance: int) -> dict[str, str]:
    wanted = {}
    if (column := found.has(SYNCED)) in _moments(found):
        wanted["newest_load"] = f"max({at(column)})"
    if found.table.moment and (column := found.has(found.table.moment)) in _moments(found):
        wanted |= {"first": f"min({at(column)})", "last": f"max({at(column)})"}
    occurred, received = found.has(OCCURRED), found.has(RECEIVED)
    if {occurred, received} <= set(_moments(found)):
        later, earlier = at(occurred), at(received)
        wanted["received_early"] = f"count(*) filter (where {later} > {earlier})"
        wanted["too_early"] = (
            f"count(*) filter (where {later} > {earlier} + to_hours(cast({int(tolerance)} as bigint)))"
        )
    return wanted


def _keys(found: Found, sampled: bool) -> dict[str, str]:
    columns = [found.has(key) for key in found.table.key]
    if not columns or None in columns:
        return {}
    names = [identifier(column) for column in columns]
    complete = " and ".join(f"{name} is not null" for name in names)
    key = f"hash({', '.join(names)})"
    where = complete + (f" and {key} % {SAMPLE} = 0" if sampled else "")
    wanted = {
        "null_keys": f"count(*) filter (where not ({complete}))",
        "keyed": f"count(*) filter (where {where})",
        "keys": f"count(distinct {key}) filter (where {where})",
    }
    if found.table.household and found.table.full != "app.households":
        household = found.has(found.table.household)
        if household:
            pair = f"hash({', '.join([*names, identifier(household)])})"
            wanted["pairs"] = f"count(distinct {pair}) filter (where {where})"
    return wanted


def _left_out(found: Found, has_households: bool) -> dict[str, str]:
    wanted = {}
    if deleted := is_deleted(found):
        wanted["deleted"] = f"count(*) filter (where {deleted})"
    if not_live := is_not_live(found):
        wanted["not_live"] = f"count(*) filter (where {not_live})"
    household = found.table.household and found.has(found.table.household)
    if household and has_households:
        text = text_of(household)
        # Trimming tens of millions of ids takes seconds; the build compares them as they are, too.
        name = identifier(household) if found.types[household] == "VARCHAR" else text
        unknown = f"coalesce({name} not in (select id from known_households), true)"
        example = f"{{'key': {_key_text(found)}, 'value': left({text}, 80)}}"
        wanted["unknown_households"] = f"count(*) filter (where {unknown})"
        wanted["unknown_household"] = f"min(case when {unknown} then {example} end)"
    return wanted


def _casts(found: Found) -> list[tuple[str, str, str]]:
    """Return (column, type of the contract, condition of a bad value) of columns that have another type."""
    casts = []
    for declared in found.table.columns:
        column = found.has(declared.name)
        if column is None or declared.type == "VARCHAR" or found.types[column] == declared.type:
            continue
        read = value(column, found.types[column], declared.type)
        casts.append((column, declared.type, f"{identifier(column)} is not null and {read} is null"))
    return casts


def _key_text(found: Found) -> str:
    columns = [column for key in found.table.key if (column := found.has(key))]
    texts = [f"cast({identifier(column)} as varchar)" for column in columns]
    return f"concat_ws(' ', {', '.join(texts)})" if texts else "''"


def _example(found: dict | None) -> str:
    return f"{found['value']!r} in the row with key {found['key'] or 'null'}" if found else ""


def _difference(read: dict, more: str, less: str, scale: int) -> int | None:
    return (read[more] - read[less]) * scale if more in read and less in read else None


def _one_row(connection: duckdb.DuckDBPyConnection, wanted: dict[str, str], relation: str) -> dict:
    select = ",\n".join(f"{sql} as {identifier(name)}" for name, sql in wanted.items())
    row = connection.execute(f"select {select} from {relation}").fetchone()
    return dict(zip(wanted, row, strict=True))
