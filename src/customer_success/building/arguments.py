"""The arguments of the build, and the dbt command and environment that they give.

Folder and date go to dbt as environment variables that its macros read when they execute. As ``--vars`` they
would make dbt parse the whole project again whenever one of them changes, that is every day.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from customer_success.raw_database import VARIABLE, raw_database

from .refusals import Refused

AS_OF_DATE, RAW_DATA_PATH = "CS_AS_OF_DATE", "CS_RAW_DATA_PATH"
DEFAULT_RAW = "data/raw"
NO_DATE = "AS_OF must be YYYY-MM-DD"


def dbt_command(
    arguments: list[str] | None = None, about: str | None = None
) -> tuple[list[str], dict[str, str]]:
    """Return the ``dbt build`` that the command line asks for, and the environment variables that go with it.

    Unknown arguments go to dbt as they are. `RAW_DATA_PATH` is the folder of the raw files, '' for
    connectors; `AS_OF_DATE` the date, '' for none. Raises `Refused` for an invalid date.
    """
    parser = argparse.ArgumentParser(prog="customer_success.build", description=about)
    parser.add_argument("--raw", help=f"folder of the raw files (default: {DEFAULT_RAW}); '' for connectors")
    parser.add_argument("--as-of", help="build as of this date (YYYY-MM-DD)")
    parser.add_argument("--unit-tests", action="store_true", help="run unit tests too, as `make test` does")
    known, for_dbt = parser.parse_known_args(arguments)
    told = {RAW_DATA_PATH: _raw(known.raw), AS_OF_DATE: _date(known.as_of) if known.as_of else ""}
    left_out = [] if known.unit_tests else ["--exclude-resource-type", "unit_test"]
    return ["dbt", "build", *left_out, *for_dbt], told


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
