"""``python -m customer_success.metrics``: check the definitions of the metrics, or lock them.

    check                        do they parse, are they whole, are they the locked ones? (make metrics-check)
    lock --note "what and why"   lock what was changed; the version in the definition must have been raised

Neither needs a build or a database.
"""

from __future__ import annotations

import sys
from datetime import date

from customer_success.lock_command import Told, run

from .lock import LOCK, additions, drift, read_lock, write_lock
from .project import Definitions, parse, read

REMEDY = "The metrics are not in order: see docs/metrics.md."


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    return run("customer_success.metrics", __doc__, {"check": _check, "lock": _lock}, REMEDY, arguments)


def _check(told: Told) -> tuple[list[str], list[str]]:
    definitions = _read(told)
    wrong = definitions.problems()
    wrong = wrong or drift(definitions.catalogue(), read_lock(told.project / LOCK))
    return wrong, [f"{len(definitions.nodes.metrics)} metrics: defined, owned, valid and locked."]


def _lock(told: Told) -> tuple[list[str], list[str]]:
    definitions = _read(told)
    wrong = definitions.problems()
    if wrong:
        return wrong, []
    path = told.project / LOCK
    locked = read_lock(path)
    added = additions(definitions.catalogue(), locked, date.today(), told.note)
    write_lock(path, [*locked, *added])
    said = [f"{row.metric}: version {row.version} {row.definition_hash[:12]}" for row in added]
    return [], [*said, f"{len(added)} definitions locked in {path}."]


def _read(told: Told) -> Definitions:
    parse(told.project, told.target)
    return read(told.project, told.target)


if __name__ == "__main__":
    sys.exit(main())
