"""Lies about definitions: another meaning under a version that is already published."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from ..lie import Do, Lie, Replace

KIND = "lock"
CHECK = "metric versions"
LOCK = "seeds/metrics/metric_definitions.csv"
NPS = "models/semantic/_feedback__semantic.yml"


def relock_under_the_same_version(folder: Path) -> None:
    """Write the hashes of the changed definitions into the lock, as an insider would."""
    done = subprocess.run(
        [sys.executable, "-c", RELOCK],
        cwd=folder,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


RELOCK = """
from pathlib import Path
from customer_success.metrics.lock import LOCK, Locked, latest, read_lock, write_lock
from customer_success.metrics.project import parse, read
parse(Path(), Path("target"))
rows = {(row.metric, row.version): row for row in read_lock(LOCK)}
for one in read(Path(), Path("target")).catalogue().itertuples():
    old = rows[one.metric, one.version]
    rows[one.metric, one.version] = Locked(
        one.metric, one.version, one.definition_hash, old.changed_on, old.change_note
    )
write_lock(LOCK, rows.values())
"""


def forget_a_version(folder: Path) -> None:
    """Delete a metric's row from the lock."""
    path = folder / LOCK
    rows = list(csv.reader(path.open(newline="", encoding="utf-8")))
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(row for row in rows if row[0] != "nps")


def _relocked(name: str, honest: str, planted: str) -> Lie:
    return Lie(
        name,
        KIND,
        (Replace(NPS, honest, planted), Do("metric_definitions.csv", relock_under_the_same_version)),
        CHECK,
    )


LIES = [
    Lie(
        "A definition is changed without a version",
        KIND,
        (
            Replace(
                NPS,
                "        min_sample: 30\n        ci_method: adjusted_wald\n",
                "        min_sample: 5\n        ci_method: adjusted_wald\n",
            ),
        ),
        "assert_metric_definitions_are_locked",
    ),
    _relocked(
        "A smaller minimum sample is locked under the same version",
        "        min_sample: 30\n        ci_method: adjusted_wald\n",
        "        min_sample: 5\n        ci_method: adjusted_wald\n",
    ),
    Lie(
        "A metric is forgotten by the lock",
        KIND,
        (Do("metric_definitions.csv", forget_a_version),),
        CHECK,
    ),
]
