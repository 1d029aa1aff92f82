"""``python -m customer_success.checks``: compare the checks with the lock, or lock them.

    check                        compare the checks with the lock (make checks-check)
    lock --note "what and why"   add what was added, changed or removed to tests/checks.csv

Neither needs a build or a database.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import yaml

from customer_success.lock_command import Arguments, run
from customer_success.metrics.project import parse

from .check import Check
from .dbt_checks import dbt_checks, disabled
from .lock import LOCK, Locked, additions, drift, read_lock, write_lock
from .python_checks import python_checks

REMEDY = "The checks are not the locked ones: see docs/publishing.md."
SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    return run("customer_success.checks", __doc__, {"check": _check, "lock": _lock}, REMEDY, arguments)


def read_project(project: Path, target: Path) -> tuple[list[Check], set[str]]:
    """Let dbt parse a project into a folder; return its checks and the names of those that are disabled."""
    parse(project, target)
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    variables = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return [*dbt_checks(manifest, variables), *python_checks()], disabled(manifest)


def _check(options: Arguments) -> tuple[list[str], list[str]]:
    checks, off = read_project(options.project, options.target)
    wrong = [f"{check.kind} {check.name}: {what}" for check, what in drift(checks, _locked(options), off)]
    return wrong, [f"{len(checks)} checks: all are present and as locked."]


def _lock(options: Arguments) -> tuple[list[str], list[str]]:
    checks, _ = read_project(options.project, options.target)
    locked = _locked(options)
    added = additions(checks, locked, date.today(), options.note)
    write_lock(options.project / LOCK, [*locked, *added])
    lines = [
        f"{row.check.kind} {row.check.name}: {'removed' if row.is_removed else f'version {row.version}'}"
        for row in added[:SHOWN]
    ]
    return [], [*lines, f"{len(added)} checks locked in {options.project / LOCK}."]


def _locked(options: Arguments) -> list[Locked]:
    path = options.project / LOCK
    return read_lock(path) if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
