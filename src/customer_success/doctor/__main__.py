"""``python -m customer_success.doctor``: look at a company's raw data before the first build.

Says which tables, columns, links, words and times are there, what is unknown for want of what, and what to do
first. Reads only. Exit status is 0 where nothing blocks a build, 1 where something does, 2 where there is
nothing to look at.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import duckdb
import yaml
from rich.console import Console

from customer_success.building.arguments import DEFAULT_RAW
from customer_success.building.datasets import known_datasets, mixture_problem, raw_dataset
from customer_success.building.refusals import raw_folder_problem
from customer_success.doctor.examine import examined
from customer_success.doctor.finding import BLOCKS, Finding
from customer_success.doctor.found import Raw
from customer_success.doctor.project import read_project
from customer_success.doctor.screen import one_line, show
from customer_success.doctor.to_json import as_json
from customer_success.publish import Places, ledger_file
from customer_success.raw_database import POSTGRES, VARIABLE, raw_database

NOTHING_TO_SEE = 2


def main(arguments: list[str] | None = None) -> int:
    """Examine what the command line names; return the exit status."""
    told = _parser().parse_args(arguments)
    console = Console(highlight=False)
    problem = _problem(told)
    if problem:
        one_line([problem], console)
        return NOTHING_TO_SEE
    raw = Raw(None if told.database else Path(told.raw), told.database or None, {})
    try:
        project = read_project(told.project, yaml.safe_load(told.vars) or {})
        raw = Raw(raw.folder, raw.database, project.variables)
        report = examined(raw, project, mixture(raw))
    except (OSError, duckdb.Error) as why:
        one_line([f"Nothing was examined. {str(why).strip().splitlines()[0]}"], console)
        return NOTHING_TO_SEE
    if told.json:
        print(json.dumps(as_json(report), indent=2, ensure_ascii=False))
    else:
        show(report, console)
    return report.status


def mixture(raw: Raw) -> list[Finding]:
    """Return that data of this kind must not be built onto what was published before."""
    if raw.folder is None:
        return []
    try:
        known = known_datasets(Places.from_environment(), ledger_file())
    except duckdb.Error:  # a build has the ledger open
        return []
    problem = mixture_problem(raw_dataset(raw.folder), known)
    said, _, action = problem.partition(". ")
    return [Finding(BLOCKS, "mixture", "meta.dataset", said, action)] if problem else []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="customer_success.doctor", description=__doc__)
    parser.add_argument("--raw", default=DEFAULT_RAW, help="folder of the raw files")
    parser.add_argument(
        "--database",
        default=raw_database(),
        help=f"database with the connectors' schemas: a DuckDB file or postgres:… (default: {VARIABLE})",
    )
    parser.add_argument("--vars", default="{}", help='vars of dbt, such as "{raw_schema_stripe: stripe}"')
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the dbt project")
    parser.add_argument("--json", action="store_true", help="print the report for programs")
    return parser


def _problem(told: argparse.Namespace) -> str:
    if told.database:
        there = told.database.startswith(POSTGRES) or Path(told.database).is_file()
        return "" if there else f"There is no file {told.database}: is the path right?"
    return raw_folder_problem(told.raw)


if __name__ == "__main__":
    sys.exit(main())
