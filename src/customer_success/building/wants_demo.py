"""``python -m customer_success.building.wants_demo FOLDER``: status 0 if data are to be simulated first.

`make build` calls it. A demo is wanted on a first build without data: the usual folder is empty, and nothing
made from live data has been published. Any other folder without files is a mistake.
"""

from __future__ import annotations

import sys
from pathlib import Path

from customer_success.building.arguments import DEFAULT_RAW
from customer_success.building.datasets import LIVE, known_datasets
from customer_success.building.in_use import open_elsewhere_is_busy
from customer_success.publish import Busy, Places, ledger_file


def wants_demo(raw: Path, places: Places, ledger: Path) -> bool:
    """Return whether a demo may replace raw data; a broken link is a disk that is not mounted."""
    if raw.absolute() != Path(DEFAULT_RAW).absolute() or (raw.is_symlink() and not raw.exists()):
        return False
    if any(path.is_file() for path in raw.rglob("*")):
        return False
    return LIVE not in known_datasets(places, ledger)


def main(raw: str) -> int:
    """Answer by exit status. If a file is open elsewhere there is no demo; the build then reports it."""
    try:
        with open_elsewhere_is_busy():
            return 0 if wants_demo(Path(raw), Places.from_environment(), ledger_file()) else 1
    except Busy:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
