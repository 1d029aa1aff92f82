"""``python -m customer_success.building.forget_demo``: remove the files of builds of simulated data.

Database, ledger and published versions go; raw data stay. Nothing is removed where anything was published
from live data.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from customer_success.building.datasets import LIVE, SYNTHETIC, known_datasets
from customer_success.building.in_use import open_elsewhere_is_busy, refuse_if_open
from customer_success.publish import Busy, Places, ledger_file, lock


def forget_demo(places: Places, ledger: Path) -> list[Path]:
    """Remove the files of the demo and return their paths; none where the data are not simulated.

    Raises `Busy` if a build is running or another process has a file open.
    """
    with lock(places.build_lock, f"A build is running on {places.database}"), open_elsewhere_is_busy():
        refuse_if_open([places.database, ledger])
        known = known_datasets(places, ledger)
        if SYNTHETIC not in known or LIVE in known:
            return []
        databases = (places.database, ledger)
        files = [file.with_name(file.name + ending) for file in databases for ending in ("", ".wal")]
        links = [places.analytics, places.restricted, places.parquet]
        removed = [path for path in (*files, *links, places.versions) if path.exists() or path.is_symlink()]
        for path in removed:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return removed


def main() -> int:
    """Remove the files and print their paths."""
    places, ledger = Places.from_environment(), ledger_file()
    try:
        removed = forget_demo(places, ledger)
    except Busy as busy:
        print(busy)
        return 75
    if not removed:
        print(f"Nothing was removed: {places.published} has no publication of simulated data alone.")
        return 0
    print("Removed: " + ", ".join(map(str, removed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
