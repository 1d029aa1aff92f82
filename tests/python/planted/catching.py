"""Planting a lie into a copy of a built sandbox, and seeing whether its check turns red."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from harness import DAY_ONE, REPOSITORY, Project, Run, Sandbox

from customer_success.build import project_variables
from customer_success.proofs import PROOFS, Candidate, prove
from customer_success.publish import Places

from .lie import Lie

AS_OF = (
    DAY_ONE  # of the base: within a week, a month and a quarter, so that each kind of period is incomplete
)
# Writing the manifest takes longer than most models; of the tests only the one that is named runs.
QUICKLY = ("--no-write-json", "build", "--indirect-selection", "empty")


@dataclass(frozen=True)
class Outcome:
    """Whether the check of a lie turned red, and what was said where it did not."""

    lie: Lie
    caught: bool
    seconds: float
    said: str


def catch(lie: Lie, base: Sandbox, folder: Path) -> Outcome:
    """Plant a lie into a copy of the base in a new folder, and run what must catch it.

    The base stays as it is; its own checks must be green (`honest_problems`), or a red one proves nothing.
    """
    begun = time.monotonic()
    folder.mkdir(parents=True)
    caught, said = (_by_pytest if lie.is_of_package else _by_dbt)(lie, base, folder)
    shutil.rmtree(folder)
    return Outcome(lie, caught, time.monotonic() - begun, "" if caught else said)


def honest_problems(lies: Iterable[Lie], base: Sandbox) -> str:
    """Say which of the lies' checks is not green without any lie; an empty text where all are."""
    lies = list(lies)
    problems = []
    names = sorted({lie.check for lie in lies if not lie.is_of_package and not lie.is_of_proofs})
    if names:
        green = {
            name
            for name, status in _statuses(base.dbt(*QUICKLY, "--select", *names, as_of=AS_OF))
            if status == "PASS"
        }
        problems += [f"{name} is not green" for name in names if name not in green]
    for name in sorted({lie.check for lie in lies if lie.is_of_proofs}):
        problems += [f"{name} is not green: {said}" for said in _proved(name, base)]
    tests = sorted({lie.check for lie in lies if lie.is_of_package})
    if tests:
        done = _pytest(tests, REPOSITORY / "src")
        problems += [] if done.returncode == 0 else [done.stdout]
    return "\n".join(problems)


def _by_dbt(lie: Lie, base: Sandbox, folder: Path) -> tuple[bool, str]:
    project = _told_otherwise(base.project, lie, folder / "project")
    sandbox = Sandbox(project, folder / "sandbox", base.folder / "data" / "raw")
    for file in (base.folder / "warehouse").iterdir():
        shutil.copy2(file, sandbox.folder / "warehouse" / file.name)
    if lie.data:
        with duckdb.connect(str(sandbox.database)) as connection:
            connection.execute(lie.data)
    again = ["--full-refresh"] if lie.full else []
    check = [] if lie.is_of_proofs else [lie.check]
    run = sandbox.dbt(*QUICKLY, *again, "--select", *lie.rebuild.split(), *check, as_of=AS_OF)
    if lie.is_of_proofs:
        return bool(run.must_succeed() and _proved(lie.check, sandbox)), run.output[-3000:]
    return (lie.check, "FAIL") in _statuses(run), run.output[-3000:]


def _proved(name: str, sandbox: Sandbox) -> list[str]:
    """What a proof of the build command has to say of a sandbox."""
    candidate = Candidate(
        places=Places(sandbox.database, sandbox.database.parent),
        ledger=sandbox.ledger,
        manifest={},
        run_results={},
        variables=project_variables(REPOSITORY),
        raw=sandbox.folder / "data" / "raw",
        as_of_date=AS_OF,
    )
    return [problem.message for problem in prove(candidate, [(name, dict(PROOFS)[name])])]


def _statuses(run: Run) -> set[tuple[str, str]]:
    """Names of the tests that ran, with PASS or FAIL, from what dbt says."""
    return {(name, status) for status, name in re.findall(r" (PASS|FAIL)(?: \d+)? (\w+) ", run.output)}


def _told_otherwise(project: Project, lie: Lie, folder: Path) -> Project:
    """A copy of the project, with its parse, into which the lie is planted."""
    told = copy.copy(project)
    told.folder = folder
    shutil.copytree(project.folder, folder, symlinks=True)
    lie.plant(folder)
    return told


def _by_pytest(lie: Lie, base: Sandbox, folder: Path) -> tuple[bool, str]:
    shutil.copytree(base.project.folder / "src", folder / "src")
    lie.plant(folder)
    done = _pytest([lie.check], folder / "src")
    name = lie.check.split("::")[1]
    return done.returncode == 1 and f"::{name}" in done.stdout, done.stdout[-3000:]


def _pytest(tests: list[str], source: Path) -> subprocess.CompletedProcess:
    """Run Python tests of the repository on a package in another folder."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rf",
        "--no-header",
        "--tb=line",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *(f"tests/python/{test}" for test in tests)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
