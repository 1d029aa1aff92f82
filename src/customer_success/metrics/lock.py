"""The lock of the definitions: the hash of each version of a metric, with its date and reason.

`seeds/metrics/metric_definitions.csv` has one row per metric and version and only grows. A definition whose
hash is not that of its version has drifted: the meaning of a number was changed without a new version.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd

from customer_success.lock_command import Refusal

LOCK = Path("seeds/metrics/metric_definitions.csv")
REMOVED = "removed"


@dataclass(frozen=True)
class Locked:
    """One row of the lock; ``definition_hash`` is `removed` from the version on that is no longer defined."""

    metric: str
    version: int
    definition_hash: str
    changed_on: date
    change_note: str


def read_lock(path: Path) -> list[Locked]:
    """Rows of the lock, in the order of the file; OSError or ValueError where it cannot be read."""
    with path.open(newline="", encoding="utf-8") as rows:
        return [
            Locked(
                row["metric"],
                int(row["version"]),
                row["definition_hash"],
                date.fromisoformat(row["changed_on"]),
                row["change_note"],
            )
            for row in csv.DictReader(rows)
        ]


def write_lock(path: Path, rows: Iterable[Locked]) -> None:
    """Write the lock, sorted by metric and version."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(field.name for field in fields(Locked))
        writer.writerows(astuple(row) for row in sorted(rows, key=lambda row: (row.metric, row.version)))


def latest(rows: Iterable[Locked]) -> dict[str, Locked]:
    """The row with the highest version of each metric."""
    return {row.metric: row for row in sorted(rows, key=lambda row: row.version)}


def drift(catalogue: pd.DataFrame, locked: Iterable[Locked]) -> list[str]:
    """How the catalogue (metric, version, definition_hash) differs from the lock, one sentence per metric."""
    known, found = latest(locked), []
    for metric, version, digest in _defined(catalogue):
        row = known.pop(metric, None)
        if row is None:
            found.append(f"{metric}: version {version} is not locked")
        elif version != row.version:
            found.append(f"{metric}: version {version} is defined, version {row.version} is locked")
        elif digest != row.definition_hash:
            found.append(f"{metric}: the definition has changed, but its version is still {version}")
    gone = (metric for metric, row in known.items() if row.definition_hash != REMOVED)
    return found + [f"{metric}: locked, but no longer defined" for metric in gone]


def additions(catalogue: pd.DataFrame, locked: Iterable[Locked], on: date, note: str) -> list[Locked]:
    """Rows to add to the lock so that it has all definitions as they are.

    ``Refusal`` where a definition has changed and its version was not raised by one, or where there is a
    change and ``note`` is empty.
    """
    known, added = latest(locked), []
    for metric, version, digest in _defined(catalogue):
        row = known.pop(metric, None)
        if row is not None and digest == row.definition_hash and version == row.version:
            continue
        expected = 1 if row is None else row.version + 1
        if version != expected:
            raise Refusal(f"{metric}: its definition has changed: set `version: {expected}` in its meta.")
        added.append(Locked(metric, version, digest, on, note))
    for metric, row in known.items():
        if row.definition_hash != REMOVED:
            added.append(Locked(metric, row.version + 1, REMOVED, on, note))
    if added and not note.strip():
        changed = ", ".join(row.metric for row in added)
        raise Refusal(f"Give a --note on what has changed and why, for {changed}.")
    return added


def _defined(catalogue: pd.DataFrame) -> Iterable[tuple[str, int, str]]:
    columns = (catalogue[name] for name in ("metric", "version", "definition_hash"))
    return zip(*columns, strict=True)
