"""dbt as it is after a first call: what it makes once per process (its serialisers, its schemas) is made.

Imported by the process from which the calls of dbt are forked. Nothing is connected to: threads of a
database would not survive the fork.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner


def _parse_twice(folder: Path) -> None:
    """Parse a project with one model, then read what the first parse left behind."""
    (folder / "dbt_project.yml").write_text("name: warm\nprofile: warm\n")
    (folder / "profiles.yml").write_text("warm: {target: warm, outputs: {warm: {type: duckdb}}}\n")
    (folder / "models").mkdir()
    (folder / "models" / "one.sql").write_text("select 1 as one\n")
    places = [f"--{place}={folder}" for place in ("project-dir", "profiles-dir", "target-path", "log-path")]
    for _ in range(2):
        dbtRunner().invoke(["--quiet", "--log-level-file", "none", "parse", *places])


with tempfile.TemporaryDirectory() as folder:
    _parse_twice(Path(folder))
