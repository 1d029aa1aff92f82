"""The arguments of the build, and the dbt command that they give."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from customer_success.raw_database import VARIABLE, raw_database

from .refusals import Refused

DEFAULT_RAW = "data/raw"
NO_DATE = "AS_OF must be YYYY-MM-DD"


def dbt_command(arguments: list[str] | None = None, about: str | None = None) -> list[str]:
    """Return the ``dbt build`` that the command line asks for; unknown arguments go to dbt as they are.

    Raises `Refused` for an invalid date. An empty date means none.
    """
    parser = argparse.ArgumentParser(prog="customer_success.build", description=about)
    parser.add_argument("--raw", help=f"folder of the raw files (default: {DEFAULT_RAW}); '' for connectors")
    parser.add_argument("--as-of", help="build as of this date (YYYY-MM-DD)")
    parser.add_argument("--unit-tests", action="store_true", help="run unit tests too, as `make test` does")
    known, for_dbt = parser.parse_known_args(arguments)
    variables = {"raw_data_path": _raw(known.raw)}
    if known.as_of:
        variables["as_of_date"] = _date(known.as_of)
    left_out = [] if known.unit_tests else ["--exclude-resource-type", "unit_test"]
    return ["dbt", "build", "--vars", json.dumps(variables), *left_out, *for_dbt]


def raw_folder(command: list[str]) -> str:
    """Return the folder of the raw files that a ``dbt build`` of `dbt_command` reads; '' for connectors."""
    return json.loads(command[command.index("--vars") + 1])["raw_data_path"]


def target_path(command: list[str], environment: Mapping[str, str]) -> Path:
    """Return the folder into which this dbt writes its artifacts."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--target-path", default=environment.get("DBT_TARGET_PATH", "target"))
    return Path(parser.parse_known_args(command)[0].target_path)


def _raw(given: str | None) -> str:
    """Return the folder of the raw files; an empty text where a database has the raw tables."""
    if not raw_database():
        return DEFAULT_RAW if given is None else given
    if given:
        raise Refused(f"{VARIABLE} names a database, RAW the folder {given}: set RAW= to read the database")
    return ""


def _date(text: str) -> str:
    """Return the date as it came; Python's own reading takes 20260601 and 2026-W01-1 as well."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Refused(NO_DATE) from None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise Refused(NO_DATE)
    return text
