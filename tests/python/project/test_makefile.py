"""Arguments of make: paths with spaces and quotes stay whole, and a demo comes first if wanted."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from harness import REPOSITORY

ODD = "it's my  data/raw"
BUILD, SIMULATE = "customer_success.build", "customer_success.simulate"


@pytest.fixture
def make(tmp_path):
    """Run make with a Python that only notes its arguments, one per line.

    Of the build it returns ``status``; a demo is never wanted.
    """
    received, bin_folder = tmp_path / "received", tmp_path / "bin"
    bin_folder.mkdir()
    python = bin_folder / "python"
    python.write_text(
        '#!/bin/sh\ncase "$2" in *wants_demo) exit 1;; esac\n'
        'for argument in "$@"; do printf "%s\\n" "$argument"; done >> "$SAID"\nexit "$STATUS"\n'
    )
    python.chmod(0o755)

    def run(*arguments: str, status: int = 0) -> tuple[subprocess.CompletedProcess, list[str]]:
        received.unlink(missing_ok=True)
        environment = {key: value for key, value in os.environ.items() if key not in ("RAW", "AS_OF")}
        done = subprocess.run(
            ["make", "-o", ".venv/.runtime", f"BIN={bin_folder}", *arguments],
            cwd=REPOSITORY,
            env=environment | {"SAID": str(received), "STATUS": str(status)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done, received.read_text().splitlines()

    return run


def test_a_build_is_asked_for_in_one_piece(make):
    done, received = make("build", f"RAW={ODD}", "AS_OF=2026-01-31")
    assert done.returncode == 0, done.stderr
    assert received == ["-m", BUILD, "--raw", ODD, "--as-of", "2026-01-31"]


def test_the_usual_folder_and_no_date(make):
    assert make("build")[1] == ["-m", BUILD, "--raw", "data/raw", "--as-of", ""]


def test_the_doctor_looks_at_the_folder_in_one_piece(make):
    assert make("doctor", f"RAW={ODD}")[1] == ["-m", "customer_success.doctor", "--raw", ODD]


def test_the_truth_of_a_demo_lies_beside_it(make):
    done, received = make("demo", f"RAW={ODD}", "HOUSEHOLDS=50")
    assert done.returncode == 0, done.stderr
    assert received[:4] == ["-m", SIMULATE, "--households", "50"]
    assert received[-4:] == ["--out", ODD, "--truth", str(Path(ODD).with_name("truth"))]


def test_make_prints_the_exit_status(make):
    """As in README and docs/publishing.md."""
    done, _ = make("build", status=75)
    assert done.returncode == 2 and "Error 75" in done.stderr
