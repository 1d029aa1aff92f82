"""Two builds never run on one database, and no killed build leaves a lock behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from harness import FORKED

from customer_success.publish import Busy, lock


def hold(file, held) -> None:
    with lock(file, "A build is running"):
        held.set()
        time.sleep(60)


def test_the_second_build_names_the_holder_and_a_killed_holder_releases_it(tmp_path):
    file, held = tmp_path / "working.duckdb.lock", FORKED.Event()
    holder = FORKED.Process(target=hold, args=(file, held))
    holder.start()
    assert held.wait(20)
    message = f"A build is running .process {holder.pid} holds .*working.duckdb.lock"
    with pytest.raises(Busy, match=message), lock(file, "A build is running", patience=0.1):
        pass
    holder.kill()
    holder.join()
    with lock(file, "A build is running", patience=1):
        assert file.read_text() == str(os.getpid())


def test_a_build_waits_for_a_lock_that_is_released_soon(tmp_path):
    file = tmp_path / "x.lock"
    waiting = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from customer_success.publish.locking import lock\n"
            "with lock(Path(sys.argv[1]), 'x'): print('held', flush=True); time.sleep(0.5)",
            str(file),
        ],
        stdout=subprocess.PIPE,
    )
    assert waiting.stdout.readline() == b"held\n"
    with lock(file, "x", patience=10):
        pass
    waiting.wait()
