"""``python -m customer_success.checks``: check that the checks are the locked ones, or lock them.

    check                        are all there, and as strong as they were? (make checks-check)
    lock --note "what and why"   add what was added, changed or removed to tests/checks.csv

Neither needs a build or a database.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

import yaml

from customer_success.metrics.lock import Refusal
from customer_success.metrics.project import parse

from .check import Check
from .dbt_checks import dbt_checks, disabled
from .lock import LOCK, additions, drift, read_lock, write_lock
from .python_checks import python_checks


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    parser = argparse.ArgumentParser(
        prog="customer_success.checks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("check", "lock"))
    parser.add_argument("--note", default="", help="what was changed, and why")
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the dbt project")
    told = parser.parse_args(arguments)
    path = told.project / LOCK
    try:
        checks, off = read_project(told.project)
        locked = read_lock(path) if path.exists() else []
        if told.command == "lock":
            return _lock(path, locked, additions(checks, locked, date.today(), told.note))
        wrong = [f"{check.kind} {check.name}: {said}" for check, said in drift(checks, locked, off)]
    except (Refusal, OSError, KeyError, ValueError) as problem:
        wrong = [str(problem)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        print("The checks are not the locked ones: see docs/publishing.md.", file=sys.stderr)
        return 1
    print(f"{len(checks)} checks: all there, and as they were locked.")
    return 0


def read_project(project: Path) -> tuple[list[Check], set[str]]:
    """Let dbt parse a project; return its checks and the names of those that are disabled."""

    target = project / os.environ.get("DBT_TARGET_PATH", "target")
    parse(project, target)
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    variables = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return [*dbt_checks(manifest, variables), *python_checks()], disabled(manifest)


def _lock(path: Path, locked: list, added: list) -> int:
    write_lock(path, [*locked, *added])
    for row in added[:20]:
        print(
            f"{row.check.kind} {row.check.name}: {'removed' if row.is_removed else f'version {row.version}'}"
        )
    print(f"{len(added)} checks locked in {path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
