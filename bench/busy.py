"""Builds of the demo on a busy machine: ``python -m bench.busy --builds 30`` prints how many finish.

A loop in Python at low priority (``nice``) keeps each core busy, so that threads are interrupted at more
moments. Each build begins with no database and no ledger, at one place, so that dbt
parses the project once. The output of failed builds is kept in ``--folder``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOP = "import os; os.nice({nice})\nwhile os.getppid() == {parent}: sum(range(10_000))"


@contextmanager
def load(processes: int, nice: int) -> Iterator[None]:
    """Keep so many cores busy; the loops end with this process."""
    code = LOOP.format(nice=nice, parent=os.getpid())
    loops = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(processes)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def simulate(folder: Path, households: int, days: int) -> Path:
    """Write the raw data of the demo unless they are there from an earlier run; return their folder."""
    raw = folder / f"raw_{households}_{days}"
    if not raw.exists():
        sizes = ["--households", str(households), "--days", str(days)]
        places = ["--out", str(raw), "--truth", str(folder / "truth")]
        command = [sys.executable, "-m", "customer_success.simulate", *sizes, *places]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return raw


def environment(place: Path, target: Path) -> dict[str, str]:
    """Return the environment of a build whose files, parsed project aside, lie in one folder."""
    return os.environ | {
        "CS_DATABASE": str(place / "working.duckdb"),
        "CS_LEDGER": str(place / "ledger.duckdb"),
        "CS_REPORTS": str(place / "reports"),
        "DBT_LOG_PATH": str(place / "logs"),
        "DBT_TARGET_PATH": str(target),
    }


def build(number: int, raw: Path, folder: Path) -> bool:
    """Build and publish on a fresh database; return whether that succeeded, and keep the output if not."""
    place = folder / "now"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    begin = time.monotonic()
    log = folder / f"build_{number:03d}.log"
    with log.open("w", encoding="utf-8") as output:
        status = subprocess.run(
            [sys.executable, "-m", "customer_success.build", "--raw", str(raw)],
            env=environment(place, folder / "target"),
            stdout=output,
            stderr=output,
            check=False,
        ).returncode
    print(f"build {number}: status {status}, {time.monotonic() - begin:.0f} s", flush=True)
    shutil.rmtree(place)
    if status == 0:
        log.unlink()
    return status == 0


def main(arguments: list[str] | None = None) -> int:
    """Run the builds one after the other; status 1 unless all of them finished."""
    p = argparse.ArgumentParser(prog="python -m bench.busy", description=__doc__.split("\n")[0])
    p.add_argument("--builds", type=int, default=30)
    p.add_argument("--households", type=int, default=2000)
    p.add_argument("--days", type=int, default=730)
    p.add_argument("--load", type=int, default=os.cpu_count(), help="loops that keep cores busy")
    p.add_argument("--nice", type=int, default=5, help="priority of the loops; 0: that of the builds")
    p.add_argument("--folder", type=Path, default=Path("build/busy"))
    args = p.parse_args(arguments)
    args.folder.mkdir(parents=True, exist_ok=True)
    raw = simulate(args.folder, args.households, args.days)
    with load(args.load, args.nice):
        finished = sum(build(number, raw, args.folder) for number in range(1, args.builds + 1))
    print(f"{finished} of {args.builds}")
    return int(finished < args.builds)


if __name__ == "__main__":
    sys.exit(main())
