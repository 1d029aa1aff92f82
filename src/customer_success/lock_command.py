"""The command line of a lock: ``check`` compares with the lock, ``lock`` adds what was changed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class Refusal(Exception):
    """The command cannot be done; the message says why and what to do."""


@dataclass(frozen=True)
class Arguments:
    """Arguments of the command line: the folder of the dbt project, that of dbt's artifacts, and the note."""

    project: Path
    target: Path
    note: str


Command = Callable[[Arguments], tuple[list[str], list[str]]]


def run(
    name: str, about: str | None, commands: dict[str, Command], remedy: str, arguments: list[str] | None
) -> int:
    """Run ``check`` or ``lock``; 1 and what is wrong, with ``remedy`` as the last line, where something is.

    Each command returns what is wrong, and the lines to print where nothing is. It may raise `Refusal`, and
    OSError, KeyError or ValueError where the lock or the project cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog=name, description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=tuple(commands))
    parser.add_argument("--note", default="", help="what was changed, and why")
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the dbt project")
    given = parser.parse_args(arguments)
    target = given.project / os.environ.get("DBT_TARGET_PATH", "target")
    try:
        wrong, lines = commands[given.command](Arguments(given.project, target, given.note))
    except (Refusal, OSError, KeyError, ValueError) as problem:
        wrong, lines = [str(problem)], []
    if wrong:
        print("\n".join([*wrong, remedy]), file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0
