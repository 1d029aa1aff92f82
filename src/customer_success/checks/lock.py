"""The lock of the checks: `tests/checks.csv`, one row per check and version, which only grows.

A check that differs from its latest version has been weakened, or changed without a note.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from customer_success.lock_command import Refusal
from customer_success.metrics.lock import REMOVED

from .check import COMPARED, Check, digest

LOCK = Path("tests/checks.csv")
COLUMNS = ("kind", "name", "version", *COMPARED, "changed_on", "change_note")
RELOCK = 'python -m customer_success.checks lock --note "what and why"'


@dataclass(frozen=True)
class Locked:
    """One row of the lock: a version of a check, its date and its reason."""

    check: Check
    version: int
    changed_on: date
    change_note: str

    @property
    def is_removed(self) -> bool:
        return self.check.definition_hash == REMOVED

    @property
    def row_hash(self) -> str:
        """SHA-256 of all fields of the row."""
        return digest({"version": self.version} | {name: getattr(self.check, name) for name in COMPARED})


def read_lock(path: Path) -> list[Locked]:
    """Rows of the lock, in the order of the file; OSError, KeyError or ValueError where it cannot be read."""
    with path.open(newline="", encoding="utf-8") as rows:
        locked = [_locked(row) for row in csv.DictReader(rows)]
    keys = Counter((*row.check.key, row.version) for row in locked)
    twice = [f"{name} version {version}" for (_, name, version), times in keys.items() if times > 1]
    if twice:
        raise ValueError(f"{path} has more than one row of {', '.join(twice)}")
    return locked


def _locked(row: dict[str, str]) -> Locked:
    if row["enabled"] not in {"true", "false"}:
        raise ValueError(f"{row['name']}: enabled is {row['enabled']!r}, not true or false")
    values = {name: row[name] for name in ("kind", "name", *COMPARED)}
    check = Check(**values | {"enabled": row["enabled"] == "true"})
    return Locked(check, int(row["version"]), date.fromisoformat(row["changed_on"]), row["change_note"])


def write_lock(path: Path, rows: Iterable[Locked]) -> None:
    """Write the lock, sorted by kind, name and version."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda row: (*row.check.key, row.version)):
            values = [_shown(getattr(row.check, name)) for name in COMPARED]
            writer.writerow([*row.check.key, row.version, *values, row.changed_on, row.change_note])


def latest(rows: Iterable[Locked]) -> dict[tuple[str, str], Locked]:
    """The row with the highest version of each check."""
    return {row.check.key: row for row in sorted(rows, key=lambda row: row.version)}


def drift(
    checks: Iterable[Check], locked: Iterable[Locked], off: Iterable[str] = ()
) -> list[tuple[Check, str]]:
    """List the checks that are not as locked, each with a sentence on what differs.

    ``off`` are names of checks that the project has and does not run.
    """
    known, found = latest(locked), []
    for check in checks:
        row = known.pop(check.key, None)
        if row is None:
            found.append((check, f"It is not in {LOCK}. To keep it: {RELOCK}."))
        elif row.is_removed:
            found.append(
                (check, f"It is locked as removed since version {row.version}. If it is back: {RELOCK}.")
            )
        elif check != row.check:
            found.append((check, _difference(check, row)))
    off = set(off)
    for row in known.values():
        if not row.is_removed:
            what = "is disabled" if row.check.name in off else "is no longer in the project"
            found.append((row.check, f"It {what}, and version {row.version} is locked. {_intended()}"))
    return found


def additions(checks: Iterable[Check], locked: Iterable[Locked], on: date, note: str) -> list[Locked]:
    """Rows to add to the lock so that it has all checks as they are.

    ``Refusal`` where there is something to add and ``note`` is empty, or where a check is switched off.
    """
    locked = list(locked)
    known, added = latest(locked), []
    present = {check.key for check in checks}
    for check, _ in drift(checks, locked):
        row = known.get(check.key)
        version = 1 + (row.version if row else 0)
        if check.key not in present:
            check = replace(check, enabled=False, definition_hash=REMOVED)
        elif not check.enabled:
            raise Refusal(f"{check.kind} {check.name} is disabled: enable it, then lock it.")
        added.append(Locked(check, version, on, note.strip()))
    if added and not note.strip():
        names = ", ".join(row.check.name for row in added[:5]) + (", …" if added[5:] else "")
        raise Refusal(f"Give a --note on what has changed and why, for {len(added)} checks: {names}")
    return added


def _difference(check: Check, row: Locked) -> str:
    named = [name for name in COMPARED if getattr(check, name) != getattr(row.check, name)]
    differences = [
        f"{name} is {_shown(getattr(check, name)) or 'not set'}, locked is"
        f" {_shown(getattr(row.check, name)) or 'not set'}"
        for name in named
        if name != "definition_hash"
    ]
    if "definition_hash" in named:
        differences.append("what it checks has changed (its code, a macro, an argument or a var)")
    return f"Not as locked in version {row.version}: {'; '.join(differences)}. {_intended()}"


def _intended() -> str:
    return f"If that is intended: {RELOCK}."


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
