"""A company for planted lies: a copy of the project with its own raw data, warehouse and published files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harness import NOT_OF_THE_PROJECT, REPOSITORY

from customer_success.simulate.parameters import Config
from customer_success.simulate.run import generate

WIDE = "1000"  # columns of the screen, so that no message is broken
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", "python", "planted")


@dataclass(frozen=True)
class Built:
    """The result of the build command: its exit status and its output."""

    status: int
    output: str

    @property
    def problems(self) -> list[str]:
        """Names of the problems that stopped the build, as the screen lists them."""
        return re.findall(r"^\* (.+?): [\w -]+(?:  \(.*\))?\s*$", self.output, flags=re.MULTILINE)


@dataclass(frozen=True)
class Company:
    """A folder with a project, raw data and a warehouse of its own; nothing outside of it is written to."""

    folder: Path

    @classmethod
    def found(cls, folder: Path, config: Config) -> Company:
        """Simulate a company and give it a copy of the project."""
        folder.mkdir(parents=True)
        for entry in REPOSITORY.iterdir():
            if entry.name.startswith(".") or entry.name in NOT_OF_THE_PROJECT:
                continue
            if entry.is_dir():
                shutil.copytree(entry, folder / entry.name, ignore=LEFT_OUT)
            else:
                shutil.copy2(entry, folder / entry.name)
        (folder / "warehouse").mkdir()
        generate(config, folder / "data" / "raw", folder / "data" / "truth")
        return cls(folder)

    def copy(self, folder: Path) -> Company:
        """Copy project and warehouse; raw files are shared by hard links."""
        shutil.copytree(
            self.folder,
            folder,
            symlinks=True,
            ignore=lambda at, _: {"data"} if at == str(self.folder) else set(),
        )
        shutil.copytree(self.folder / "data", folder / "data", copy_function=os.link)
        return Company(folder)

    def build(self, as_of: date, *arguments: str) -> Built:
        """Run the build command, as `make build` does."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "CS_"))}
        done = subprocess.run(
            [sys.executable, "-m", "customer_success.build", "--as-of", as_of.isoformat(), *arguments],
            cwd=self.folder,
            env=inherited
            | {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
            | {"COLUMNS": WIDE, "CS_THREADS": "1", "DO_NOT_TRACK": "1", "DBT_USE_COLORS": "false"},
            capture_output=True,
            text=True,
            check=False,
        )
        return Built(done.returncode, done.stdout + done.stderr)
