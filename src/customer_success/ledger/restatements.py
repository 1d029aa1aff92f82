"""Restatements counted again from two states of the ledger: as it is, and as this build would leave it.

Nothing here is shared with the models that find changes: histories are put together in Python,
value by value, and the reason is given by the definition of restatements in docs/metrics.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import duckdb

from customer_success.publish.gate import Problem
from customer_success.raw_database import NO_HOUSEHOLDS, attach_raw_database

from .opening import opened
from .tables import HOUSEHOLDS, VALUES, table

Key = tuple[str, str, date, str, str]
KEY = "metric, period_grain, period_start, segment_type, segment"
SHOWN = 3


@dataclass(frozen=True)
class PublishedValue:
    """One value of one publication; None where it withdrew the value."""

    publication: int
    value: float | None
    definition_hash: str
    as_of_date: date
    data_through: date | None
    erased_households: int


# A restatement: value before and now, hash before and now, as_of_date before and now, the day
# through which the source's data goes now, the reason.
Restatement = tuple[float | None, float | None, str, str, date, date, date | None, str]


def prove_restatements(candidate) -> list[Problem]:
    """Return where the changes in the working database differ from those that the ledger and its values give.

    ``candidate`` is a `proofs.Candidate`. Compared are `fct_metric_restatements`, which readers see, and
    `int_metric_changes`, from which the ledger is written.
    """
    with opened(candidate.ledger, database=candidate.places.database) as connection:
        histories = _histories(connection)
        present = _present(connection, erased(connection, candidate.manifest))
        stored = _stored(connection)
        noted = _noted(connection)
    changes = changed(histories, present)
    number = 1 + max((one.publication for history in histories.values() for one in history), default=0)
    for key, now in changes.items():
        histories[key].append(now(number))
    expected_notes = {
        key: (history[-1].value, history[-1].definition_hash, history[-1].erased_households)
        for key, history in histories.items()
        if key in changes
    }
    return [
        *_compared("fct_metric_restatements", restatements(histories), stored),
        *_compared("int_metric_changes", expected_notes, noted),
    ]


def restatements(histories: Mapping[Key, list[PublishedValue]]) -> dict[tuple, Restatement]:
    """Return each change of a value by key and number of the publication that made it."""
    return {
        (*key, now.publication): (
            before.value,
            now.value,
            before.definition_hash,
            now.definition_hash,
            before.as_of_date,
            now.as_of_date,
            now.data_through,
            reason(before, now),
        )
        for key, history in histories.items()
        for before, now in pairwise(history)
        if before.value != now.value
    }


def reason(before: PublishedValue, now: PublishedValue) -> str:
    """Return why a value changed: the first of the four reasons that holds."""
    if before.definition_hash != now.definition_hash:
        return "definition change"
    if now.erased_households > before.erased_households:
        return "erasure"
    through = (before.data_through, now.data_through)
    if now.as_of_date > before.as_of_date or (None not in through and through[1] > through[0]):
        return "late data"
    return "correction"


def changed(histories: Mapping[Key, list[PublishedValue]], present: Mapping[Key, dict]) -> dict:
    """Return the values that this build adds, changes or withdraws: by key, a function of its number.

    A build as of an earlier day than that of the published value changes nothing.
    """
    found = {}
    for key, row in present.items():
        history = histories.get(key)
        if history and history[-1].as_of_date > row["as_of_date"]:
            continue
        is_new = not history and row["is_published"]
        is_other = history and history[-1].value != row["value"]
        is_redefined = (
            history and row["is_published"] and history[-1].definition_hash != row["definition_hash"]
        )
        if is_new or is_other or is_redefined:
            facts = {name: value for name, value in row.items() if name != "is_published"}
            found[key] = lambda number, facts=facts: PublishedValue(publication=number, **facts)
    return found


def erased(connection: duckdb.DuckDBPyConnection, manifest: dict) -> int:
    """Return how many of the households ever seen the raw source does not have, or has deleted."""
    return connection.execute(
        f"select count(*) from {table(HOUSEHOLDS)} where household_hash not in"
        f" (select sha256(id) from {raw_households(connection, manifest)})"
    ).fetchone()[0]


def raw_households(connection: duckdb.DuckDBPyConnection, manifest: dict) -> str:
    """Return a subquery of the ids (text) of the app's households, without those whose last load is deleted.

    It is `NO_HOUSEHOLDS` where the company has no such table. Raises KeyError without such a source.
    """
    for node in manifest["sources"].values():
        if (node["source_name"], node["name"]) == ("app", "households"):
            catalog = attach_raw_database(connection)
            raw = (f"{catalog}." if catalog else "") + f'"{node["schema"]}"."{node["identifier"]}"'
            break
    else:
        raise KeyError("the project has no source app.households")
    try:
        there = {row[0].lower() for row in connection.execute(f"describe {raw}").fetchall()}
    except duckdb.CatalogException:
        return NO_HOUSEHOLDS
    flags = [name for name in ("_fivetran_deleted", "is_deleted") if name in there]
    gone = " or ".join(f"coalesce(try_cast({name} as boolean), false)" for name in flags) or "false"
    load = [f"try_cast({name} as timestamp)" for name in ("_fivetran_synced", "updated_at") if name in there]
    order = ", ".join(f"{moment} desc nulls last" for moment in load) or "1"
    return (
        f"(select cast(id as varchar) as id from (select id, {gone} as is_gone, row_number() over"
        f" (partition by id order by {order}) as place from {raw} where id is not null)"
        " where place = 1 and not is_gone)"
    )


def _histories(connection: duckdb.DuckDBPyConnection) -> dict[Key, list[PublishedValue]]:
    histories: dict[Key, list[PublishedValue]] = defaultdict(list)
    for *key, publication, value, digest, day, through, gone in connection.execute(
        f"select {KEY}, publication_number, value, definition_hash, as_of_date, data_through,"
        f" erased_households from {table(VALUES)} order by publication_number"
    ).fetchall():
        histories[tuple(key)].append(PublishedValue(publication, value, digest, day, through, gone))
    return histories


def _present(connection: duckdb.DuckDBPyConnection, gone: int) -> dict[Key, dict]:
    """Return what this build would publish or withdraw; what is held back for another reason is neither."""
    rows = connection.execute(
        f"select {KEY}, status, raw_value, definition_hash, as_of_date, data_through"
        " from analytics.fct_metric_values where status in ('publishable', 'insufficient_sample')"
    ).fetchall()
    return {
        tuple(key): {
            "is_published": status == "publishable",
            "value": value if status == "publishable" else None,
            "definition_hash": digest,
            "as_of_date": day,
            "data_through": through,
            "erased_households": gone,
        }
        for *key, status, value, digest, day, through in rows
    }


def _stored(connection: duckdb.DuckDBPyConnection) -> dict[tuple, Restatement]:
    rows = connection.execute(
        f"select {KEY}, publication_number, old_value, new_value, old_definition_hash, new_definition_hash,"
        " old_as_of_date, as_of_date, data_through, reason_class from analytics.fct_metric_restatements"
    ).fetchall()
    return {tuple(row[:6]): tuple(row[6:]) for row in rows}


def _noted(connection: duckdb.DuckDBPyConnection) -> dict[Key, tuple[float | None, str, int]]:
    rows = connection.execute(
        f"select {KEY}, value, definition_hash, erased_households from intermediate.int_metric_changes"
    ).fetchall()
    return {tuple(row[:5]): tuple(row[5:]) for row in rows}


def _compared(model: str, expected: Mapping[tuple, tuple], found: Mapping[tuple, tuple]) -> list[Problem]:
    """Return how a table differs from what was counted, the first few differences in words."""
    lacking = [key for key in expected if key not in found]
    surplus = [key for key in found if key not in expected]
    other = [key for key in expected if key in found and expected[key] != found[key]]
    examples = [
        *(f"lacks {_name(key)} ({_words(expected[key])})" for key in lacking),
        *(f"has {_name(key)} ({_words(found[key])})" for key in surplus),
        *(f"has {_words(found[key])} for {_name(key)}, not {_words(expected[key])}" for key in other),
    ]
    if not examples:
        return []
    message = (
        f"{model} has {len(found):,} changes of published values, the ledger and this build's values give"
        f" {len(expected):,}; {len(examples):,} differ. It {'; it '.join(examples[:SHOWN])}."
    )
    return [Problem("restatements", "fail", message, f"models of {model}")]


def _name(key: Iterable) -> str:
    return " ".join(str(part) for part in key)


def _words(facts: Iterable) -> str:
    return ", ".join(fact[:12] if isinstance(fact, str) and len(fact) == 64 else str(fact) for fact in facts)
