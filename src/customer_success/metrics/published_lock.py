"""Compares the lock with the ledger: the definition of a published number cannot be changed later.

The CSV can be rewritten together with a definition; the ledger keeps each version as it was at its
publication. Versions only grow.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from customer_success.ledger.opening import LedgerUnreadable, opened
from customer_success.ledger.tables import VERSIONS, table
from customer_success.publish import Places
from customer_success.publish.gate import Problem

from .definitions import Nodes, catalogue
from .lock import LOCK, Locked, read_lock

# The facts of a definition that `dim_metrics` shows; the hash covers all of them.
FACTS = ("unit", "direction", "min_sample", "source_of_truth", "ci_method", "conventions")


def check_lock(places: Places, ledger: Path, lock: Path = LOCK) -> list[Problem]:
    """Return the rows of the lock that differ from those of an earlier publication."""
    if not ledger.exists():
        return []
    known = [Locked(*row[:5]) for row in _known(ledger)]
    try:
        return _problems(compare_lock(known, read_lock(lock)))
    except (OSError, KeyError, ValueError) as problem:
        return _problems([f"{lock} cannot be read: {problem}"])


def prove_versions(candidate, project: Path = Path()) -> list[Problem]:
    """Return what is wrong with the definitions of this build, compared with the ledger and `dim_metrics`.

    ``candidate`` is a `proofs.Candidate`. Definitions are hashed again from dbt's manifest and the files of
    the seeds, so a wrong hash in a model is found.
    """
    seeds = {}
    for node in candidate.manifest["nodes"].values():
        if node["resource_type"] == "seed":
            with (project / node["original_file_path"]).open(newline="", encoding="utf-8") as rows:
                seeds[node["name"]] = list(csv.DictReader(rows))
    defined = catalogue(Nodes.of_manifest(candidate.manifest, candidate.variables), seeds)
    with opened(candidate.ledger, database=candidate.places.database) as connection:
        shown = connection.execute("from analytics.dim_metrics").df()
        seeded = connection.execute(
            "select metric, version, definition_hash, changed_on, change_note from rules.metric_definitions"
        ).fetchall()
    return _problems(
        compare_versions(_known(candidate.ledger), defined)
        + compare_shown(defined, shown)
        + compare_lock([Locked(*row) for row in seeded], read_lock(project / LOCK), "the seed of this build")
    )


def compare_lock(known: list[Locked], locked: list[Locked], of: str = "the ledger") -> list[str]:
    """Return how rows that ``of`` knows differ from the lock, and which versions the lock has twice."""
    rows = {(row.metric, row.version): row for row in locked}
    found = []
    if len(rows) < len(locked):
        found.append(f"{LOCK} has {len(locked) - len(rows)} versions more than once.")
    for row in sorted(known, key=lambda row: (row.metric, row.version)):
        there = rows.get((row.metric, row.version))
        if there is None:
            found.append(f"{row.metric}: {LOCK} no longer has version {row.version}, which {of} knows.")
        elif there.definition_hash != row.definition_hash:
            found.append(
                f"{row.metric}: {LOCK} has the hash {there.definition_hash[:12]} for version {row.version},"
                f" {of} {row.definition_hash[:12]}. Versions only grow: add one."
            )
        elif (there.changed_on, there.change_note) != (row.changed_on, row.change_note):
            found.append(
                f"{row.metric}: date or note of version {row.version} in {LOCK} are not those of {of}."
            )
    return found


def compare_versions(known: list[tuple], defined: pd.DataFrame) -> list[str]:
    """Return definitions whose hash, facts or version differ from those published."""
    found = []
    highest: dict[str, int] = {}
    rows = {}
    for metric, version, digest, _, _, *facts in known:
        highest[metric] = max(version, highest.get(metric, 0))
        rows[metric, version] = (digest, dict(zip(FACTS, facts, strict=True)))
    for row in defined.itertuples():
        metric, version = row.metric, int(row.version)
        if version < highest.get(metric, 0):
            found.append(
                f"{metric}: version {version} is defined, and version {highest[metric]} was published before."
            )
        if (metric, version) not in rows:
            continue
        digest, facts = rows[metric, version]
        others = [
            f"{name} {facts[name]!r} is now {_plain(getattr(row, name))!r}"
            for name in FACTS
            if facts[name] is not None and facts[name] != _plain(getattr(row, name))
        ]
        if digest != row.definition_hash or others:
            what = "; ".join(others) or f"hash {digest[:12]} is now {row.definition_hash[:12]}"
            found.append(
                f"{metric}: the definition of version {version} is not the one that was published under it"
                f" ({what}). Raise the version."
            )
    return found


def compare_shown(defined: pd.DataFrame, shown: pd.DataFrame) -> list[str]:
    """Return where `dim_metrics` differs from the definition of a metric."""
    expected, actual = (frame.set_index("metric") for frame in (defined, shown))
    if set(expected.index) != set(actual.index):
        return [f"dim_metrics has {len(actual)} metrics, {len(expected)} are defined."]
    columns = [column for column in expected.columns if column in actual.columns]
    return [
        f"{metric}: dim_metrics has {column} {_plain(actual.at[metric, column])!r}, its definition"
        f" {_plain(expected.at[metric, column])!r}."
        for metric in expected.index
        for column in columns
        if _plain(actual.at[metric, column]) != _plain(expected.at[metric, column])
    ]


def _known(ledger: Path) -> list[tuple]:
    """Return the versions that the ledger has: metric, version, hash, date and note, then `FACTS`."""
    try:
        with opened(ledger) as connection:
            there = connection.execute(
                "select count(*) from duckdb_tables() where database_name = 'ledger' and table_name = ?",
                [VERSIONS],
            ).fetchone()[0]
            if not there:
                return []
            return connection.execute(
                "select metric, version, definition_hash, changed_on, change_note,"
                f" {', '.join(FACTS)} from {table(VERSIONS)} order by metric, version"
            ).fetchall()
    except LedgerUnreadable:
        return []  # the check of the ledger reports it


def _plain(value: object) -> object:
    """Return a cell of a frame as Python has it; None for what is missing."""
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _problems(messages: list[str]) -> list[Problem]:
    return [Problem("metric versions", "fail", message, str(LOCK)) for message in messages]
