"""A real dbt build that is killed: no process of it lives on, its lock is free, the next one is whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from harness import PARTIAL_PARSE, Sandbox

from customer_success.build import BUSY

PATIENCE = 120  # seconds; on an idle machine a few are enough


def command(sandbox: Sandbox) -> tuple[list[str], dict[str, str]]:
    """The build command in a sandbox, of a part that is built in no time."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "CS_"))} | {
        "CS_CONTRACTS": "true",
        "CS_DATABASE": "warehouse/working.duckdb",
        "CS_LEDGER": "warehouse/ledger.duckdb",
        "DBT_TARGET_PATH": "target",
        "DBT_LOG_PATH": "logs",
        "DO_NOT_TRACK": "1",
    }
    part = [sys.executable, "-m", "customer_success.build", "--no-use-colors", "--select", "dim_dates"]
    return part, environment


def wait_for(what, file: Path) -> None:
    """Wait until the file has the words."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if what in (file.read_text(errors="replace") if file.exists() else ""):
            return
        time.sleep(0.02)
    raise AssertionError(f"{what!r} was never printed in:\n{file.read_text(errors='replace')}")


@pytest.mark.slow
def test_the_build_after_a_killed_one_starts_clean(warehouse, tmp_path):
    sandbox = warehouse.copy(tmp_path / "killed")
    (sandbox.folder / "target").mkdir()
    shutil.copy2(warehouse.project.parsed / PARTIAL_PARSE, sandbox.folder / "target")
    part, environment = command(sandbox)
    log = tmp_path / "output.txt"

    def run() -> subprocess.CompletedProcess:
        return subprocess.run(
            part, cwd=sandbox.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )

    with log.open("w") as output:
        first = subprocess.Popen(part, cwd=sandbox.folder, env=environment, stdout=output, stderr=output)
        wait_for("Running with dbt", log)
        second = run()
        assert second.returncode == BUSY
        assert "Another build is running" in " ".join(second.stdout.split())
        wait_for(" START ", log)
        (dbt,) = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
        first.send_signal(signal.SIGKILL)
        first.wait()
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{dbt}").exists():
        assert time.monotonic() < deadline, "dbt outlived the build that started it"
        time.sleep(0.02)

    third = run()
    assert third.returncode == 0, third.stdout + third.stderr
    assert "Only a whole build is published" in " ".join(third.stdout.split())
    results = json.loads((sandbox.folder / "target" / "run_results.json").read_text())
    assert {result["status"] for result in results["results"]} <= {"success", "pass", "no-op"}
    assert not (sandbox.folder / "warehouse" / "analytics.duckdb").exists()
