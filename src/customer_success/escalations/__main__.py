"""``python -m customer_success.escalations``: write an evidence pack per open escalation of the last build.

Packs quote customers, so the folder and the files can be read by their owner only; packs of escalations that
have closed since are removed.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb

from customer_success.pages.database import open_build

from .packs import read_packs, write_packs

FOLDER = Path("restricted") / "escalations"


def main(arguments: list[str] | None = None) -> int:
    """Write the packs and print their folder; 1 and one message where that is impossible."""
    parser = argparse.ArgumentParser(prog="customer_success.escalations", description=__doc__)
    database = Path(os.environ.get("CS_DATABASE", "warehouse/working.duckdb"))
    reports = Path(os.environ.get("CS_REPORTS", "build/reports"))
    parser.add_argument("--database", type=Path, default=database, help="database of a finished build")
    parser.add_argument("--out", type=Path, default=reports / FOLDER, help="folder to write")
    options = parser.parse_args(arguments)
    try:
        with open_build(options.database) as connection:
            packs = read_packs(connection)
        write_packs(packs, options.out)
    except (FileNotFoundError, duckdb.CatalogException, duckdb.BinderException) as problem:
        print(f"No packs: {problem}\nBuild the project first (make build).", file=sys.stderr)
        return 1
    except (OSError, duckdb.Error) as problem:
        print(f"No packs: {problem}", file=sys.stderr)
        return 1
    print(f"{len(packs)} evidence pack{'' if len(packs) == 1 else 's'} in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
