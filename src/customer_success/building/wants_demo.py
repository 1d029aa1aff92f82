"""``python -m customer_success.building.wants_demo FOLDER``: status 0 if data are to be simulated first.

`make build` asks. That is so on the first build of somebody who has no data yet: nothing lies in the usual
folder, and nothing made from live data has been published. Any other folder without files is a mistake.
"""

from __future__ import annotations

import sys
from pathlib import Path

from customer_success.building.arguments import DEFAULT_RAW
from customer_success.building.datasets import LIVE, known_datasets, ledger_file
from customer_success.publish import Places


def wants_demo(raw: Path, places: Places, ledger: Path) -> bool:
    """Say whether a demo may stand in for raw data; a link that leads nowhere is a disk that is not there."""
    if raw.absolute() != Path(DEFAULT_RAW).absolute() or (raw.is_symlink() and not raw.exists()):
        return False
    if any(path.is_file() for path in raw.rglob("*")):
        return False
    return LIVE not in known_datasets(places, ledger)


if __name__ == "__main__":
    sys.exit(0 if wants_demo(Path(sys.argv[1]), Places.from_environment(), ledger_file()) else 1)
