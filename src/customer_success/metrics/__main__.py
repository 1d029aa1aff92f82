"""``python -m customer_success.metrics``: check the definitions of the metrics, or lock them.

    check                        do they parse, are they whole, are they the locked ones? (make metrics-check)
    lock --note "what and why"   lock what was changed; the version in the definition must have been raised

Neither needs a build or a database.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from .lock import LOCK, Refusal, additions, drift, read_lock, write_lock
from .project import parse, read


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    parser = argparse.ArgumentParser(
        prog="customer_success.metrics", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("check", "lock"))
    parser.add_argument("--note", default="", help="what was changed, and why")
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the dbt project")
    told = parser.parse_args(arguments)
    target = told.project / os.environ.get("DBT_TARGET_PATH", "target")
    try:
        parse(told.project, target)
        definitions = read(told.project, target)
        wrong = definitions.problems()
        if not wrong and told.command == "lock":
            return _lock(definitions.catalogue(), told.project / LOCK, told.note)
        if not wrong:
            wrong = drift(definitions.catalogue(), read_lock(told.project / LOCK))
    except (Refusal, OSError) as problem:
        wrong = [str(problem)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        print("The metrics are not in order: see docs/metrics.md.", file=sys.stderr)
        return 1
    print(f"{len(definitions.nodes.metrics)} metrics: defined, owned, valid and locked.")
    return 0


def _lock(catalogue, path: Path, note: str) -> int:
    locked = read_lock(path)
    added = additions(catalogue, locked, date.today(), note)
    write_lock(path, [*locked, *added])
    for row in added:
        print(f"{row.metric}: version {row.version} {row.definition_hash[:12]}")
    print(f"{len(added)} definitions locked in {path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
