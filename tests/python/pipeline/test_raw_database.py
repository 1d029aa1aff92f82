"""Raw tables in a database of the company: DuckDB or Postgres give what the same rows give as files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from harness import CASES, CASES_AS_OF, REPOSITORY, Sandbox, differences
from recount.raw_tables import candidate

from customer_success.building.arguments import RAW_DATA_PATH, dbt_command
from customer_success.building.refusals import Refused
from customer_success.ledger.erasure import prove_erasures
from customer_success.raw_database import CATALOG, VARIABLE, attach_raw_database
from customer_success.recount.staging import prove_staging
from customer_success.sql import sql_text

POSTGRES = shutil.which("initdb") or next(iter(Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
DATABASES = [
    "duckdb",
    pytest.param("postgres", marks=pytest.mark.skipif(not POSTGRES, reason="there is no Postgres server")),
]


# Base models and int_raw_… read raw tables, no other model does: a rule of the layers (project_rules.py).
COUNTS_OF_RAW = [
    *(file.stem for file in sorted((REPOSITORY / "models").rglob("int_raw_*.sql"))),
    "int_source_freshness",
]
READS_RAW = " ".join(
    ["path:seeds path:models/staging path:models/quarantine", *(f"+{model}" for model in COUNTS_OF_RAW)]
)


def fill(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Write the raw files as tables of text, stripe into a schema with a name of the company's own."""
    for file in sorted(CASES.rglob("*.csv")):
        schema = "billing" if file.parent.name == "stripe" else f"raw_{file.parent.name}"
        connection.execute(f"create schema if not exists {catalog}.{schema}")
        rows = f"read_csv({sql_text(file)}, all_varchar = true, header = true)"
        connection.execute(f'create table {catalog}.{schema}."{file.stem}" as from {rows}')


@contextmanager
def filled(kind: str, folder: Path) -> Iterator[str]:
    """Yield what CS_RAW_DATABASE names: a database of this kind that has the raw tables."""
    if kind == "duckdb":
        file = folder / "a company's own.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach {sql_text(file)} as company")
            fill(connection, "company")
        yield str(file)
        return
    with postgres() as place, duckdb.connect() as connection:
        attach_raw_database(connection, place)  # loads the extension
        connection.execute(f"detach {CATALOG}")
        connection.execute(f"attach {sql_text(place.removeprefix('postgres:'))} as company (type postgres)")
        fill(connection, "company")
        connection.execute("detach company")
        yield place


@contextmanager
def postgres() -> Iterator[str]:
    """Run a Postgres server that listens on a socket in a folder of its own; it refuses to run as root."""
    binaries = Path(POSTGRES).resolve().parent
    user = ["su", "postgres", "-c"] if os.getuid() == 0 else ["sh", "-c"]
    # The path of a socket may have no more than 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        control = f"{binaries}/pg_ctl -s -w -D {folder}/data"
        make = f"{binaries}/initdb -D {folder}/data -A trust -U postgres > {folder}/log"
        serve = f"{control} -l {folder}/log -o \"-k {folder} -c listen_addresses=''\" start"
        subprocess.run([*user, f"{make} && {serve}"], check=True)
        try:
            yield f"postgres:host={folder} user=postgres dbname=postgres"
        finally:
            subprocess.run([*user, f"{control} -m immediate stop"], check=True)


@pytest.mark.parametrize("kind", DATABASES)
def test_a_database_gives_what_files_give(builds, project, tmp_path, monkeypatch, kind):
    files = builds["connectors"]
    with filled(kind, tmp_path) as place:
        variables = {"raw_schema_stripe": "billing"}
        sandbox = Sandbox(project, tmp_path / "cases", CASES, variables, place).build(
            CASES_AS_OF, select=READS_RAW
        )
        for schema, tables in (("staging", None), ("quarantine", None), ("intermediate", COUNTS_OF_RAW)):
            assert differences(files.database, sandbox.database, schemas=[schema], tables=tables) == []
        monkeypatch.setenv(VARIABLE, place)
        proved = candidate(sandbox.database, sandbox.ledger, None, **variables)
        assert prove_staging(proved) == []
        source = {"source_name": "app", "name": "households", "schema": "raw_app"}
        sources = {"app.households": source | {"identifier": "households"}}
        assert prove_erasures(replace(proved, manifest={"sources": sources})) == []


def test_a_database_that_is_not_there_is_one_line(tmp_path):
    with duckdb.connect() as connection, pytest.raises(FileNotFoundError, match="there is no file"):
        attach_raw_database(connection, str(tmp_path / "none.duckdb"))


def test_the_company_s_database_cannot_be_written(tmp_path):
    with filled("duckdb", tmp_path) as place, duckdb.connect() as connection:
        assert attach_raw_database(connection, place) == CATALOG
        assert attach_raw_database(connection, place) == CATALOG
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute(f"drop table {CATALOG}.raw_app.households")


def test_a_folder_and_a_database_are_refused(monkeypatch):
    monkeypatch.setenv(VARIABLE, "company.duckdb")
    assert dbt_command([])[1][RAW_DATA_PATH] == ""
    assert dbt_command(["--raw", ""])[1][RAW_DATA_PATH] == ""
    with pytest.raises(Refused, match="set RAW= to read the database"):
        dbt_command(["--raw", "data/raw"])
    monkeypatch.delenv(VARIABLE)
    assert dbt_command([])[1][RAW_DATA_PATH] == "data/raw"
