"""The command line that every page has."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb


def page_command(
    program: str,
    about: str,
    file: str,
    render: Callable[[Path, Path], Path],
    arguments: list[str] | None = None,
) -> int:
    """Write the page of the command line; 1 and one message where that is impossible.

    ``file`` is the name that it has by default; ``render`` writes it from a database.
    """
    parser = argparse.ArgumentParser(prog=program, description=about)
    default = os.environ.get("CS_DATABASE", "warehouse/working.duckdb")
    reports = Path("build/reports")
    parser.add_argument("--database", type=Path, default=Path(default), help="database of a finished build")
    parser.add_argument("--out", type=Path, default=reports / file, help="file to write")
    options = parser.parse_args(arguments)
    try:
        written = render(options.database, options.out)
    except (FileNotFoundError, duckdb.CatalogException, duckdb.BinderException) as problem:
        print(f"No page: {problem}\nBuild the project first (make build).", file=sys.stderr)
        return 1
    except (OSError, duckdb.Error) as problem:
        print(f"No page: {problem}", file=sys.stderr)
        return 1
    print(written)
    return 0
