"""``python -m customer_success.publish``: compare what readers see with what was published.

    verify                       compare the published files with the ledger (make verify; else exit 1)
    set-aside --reason "why"     move a damaged version away; the next build publishes again

The folder and the ledger are those of CS_DATABASE, CS_PUBLISHED and CS_LEDGER, as in a build.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from .aside import set_aside
from .locking import Busy
from .places import Places, ledger_file
from .verify import verify


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 and what is wrong where something is."""
    parser = argparse.ArgumentParser(
        prog="customer_success.publish", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("verify", "set-aside"))
    parser.add_argument("--reason", default="", help="why the version is moved away")
    options = parser.parse_args(arguments)
    places = Places.from_environment()
    ledger = ledger_file()
    if options.command == "set-aside":
        return _set_aside(places, ledger, options.reason)
    found = verify(places, ledger)
    if found.differences:
        print("\n".join(found.differences), file=sys.stderr)
        print("Readers do not see what was published: see docs/proofs.md.", file=sys.stderr)
        return 1
    print(found.message)
    return 0


def _set_aside(places: Places, ledger: Path, reason: str) -> int:
    try:
        aside = set_aside(places, ledger, reason)
    except (ValueError, Busy, duckdb.Error) as problem:
        print(f"Nothing was moved. {problem}", file=sys.stderr)
        return 1
    print(f"Moved aside to {aside}. Readers see nothing until the next build has published.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
