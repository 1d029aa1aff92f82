"""``python -m customer_success.ledger``: verify the ledger, or restart a damaged one.

    verify                     check chains, rows and the published version's heads (make ledger-verify)
    restart --reason "why"     begin the chains again; their first entries keep the reason

Exit status 1 where something is wrong, 75 where another process has the ledger open.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from customer_success.publish import BUSY, Busy, Places, ledger_file, lock

from . import chain
from .opening import opened
from .start import check_ledger, restart
from .tables import table
from .verify import has_tables


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="customer_success.ledger", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("verify", "restart"))
    parser.add_argument("--reason", default="", help="what happened to the ledger")
    options = parser.parse_args(arguments)
    if options.command == "restart" and not options.reason.strip():
        parser.error("give a --reason: what happened to the ledger")
    places = Places.from_environment()
    ledger = ledger_file()
    try:
        with lock(places.build_lock, f"A build is running on {places.database}"):
            if options.command == "restart":
                print(restart(places, ledger, options.reason.strip()))
            return _verify(places, ledger)
    except Busy as busy:
        print(busy, file=sys.stderr)
        return BUSY


def _verify(places: Places, ledger: Path) -> int:
    problems = check_ledger(places, ledger)
    for problem in problems:
        print(problem.message, file=sys.stderr)
    if problems:
        return 1
    if not ledger.exists():
        print(f"There is no ledger {ledger} yet, and nothing was published.")
        return 0
    with opened(ledger) as connection:
        if not has_tables(connection):
            print(f"{ledger} has no chain yet; the next build makes one.")
            return 0
        print(describe(connection))
    return 0


def describe(connection) -> str:
    """Return the heads of the ledger that is open, a line each, and what was restarted or migrated."""
    rows = connection.execute(
        f"""
        select kind, max(sequence), sum(row_count) filter (where entry <> 'erasure'),
            sum(row_count) filter (where entry = 'erasure'), max_by(head, sequence)
        from {table("chain")} group by kind order by kind
        """
    ).fetchall()
    lines = [
        f"{kind:<26} batch {last:>4}  {int(rows):>10,} rows"
        + (f", {int(erased):,} of them erased" if erased else "")
        + f"  {head}"
        for kind, last, rows, erased, head in rows
    ]
    noted = connection.execute(
        f"select distinct entry, as_of_date, note from {table('chain')}"
        " where entry in ('restart', 'migration') order by all"
    ).fetchall()
    lines += [
        f"Chains restarted as of {day}: {note}"
        if entry == "restart"
        else f"Rows from before chains: as of {day}"
        for entry, day, note in noted
    ]
    return "\n".join(
        [*lines, f"The ledger holds. Head over all kinds: {chain.one_head(chain.heads(connection))}"]
    )


if __name__ == "__main__":
    sys.exit(main())
