"""``python -m customer_success.metrics``: check the definitions of the metrics, or lock them.

    check                        check that they parse, are complete and are locked (make metrics-check)
    lock --note "what and why"   lock what was changed; raise the version in the definition first

Neither needs a build or a database.
"""

from __future__ import annotations

import sys
from datetime import date

from customer_success.lock_command import Arguments, run

from .lock import LOCK, additions, drift, read_lock, write_lock
from .project import Definitions, parse, read

REMEDY = "The metrics have problems: see docs/metrics.md."


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    return run("customer_success.metrics", __doc__, {"check": _check, "lock": _lock}, REMEDY, arguments)


def _check(options: Arguments) -> tuple[list[str], list[str]]:
    definitions = _read(options)
    wrong = definitions.problems()
    wrong = wrong or drift(definitions.catalogue(), read_lock(options.project / LOCK))
    return wrong, [f"{len(definitions.nodes.metrics)} metrics: defined, owned, valid and locked."]


def _lock(options: Arguments) -> tuple[list[str], list[str]]:
    definitions = _read(options)
    wrong = definitions.problems()
    if wrong:
        return wrong, []
    path = options.project / LOCK
    locked = read_lock(path)
    added = additions(definitions.catalogue(), locked, date.today(), options.note)
    write_lock(path, [*locked, *added])
    lines = [f"{row.metric}: version {row.version} {row.definition_hash[:12]}" for row in added]
    return [], [*lines, f"{len(added)} definitions locked in {path}."]


def _read(options: Arguments) -> Definitions:
    parse(options.project, options.target)
    return read(options.project, options.target)


if __name__ == "__main__":
    sys.exit(main())
