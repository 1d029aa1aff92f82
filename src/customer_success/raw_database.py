"""The database into which a company's connectors write, where it is not the working database.

``CS_RAW_DATABASE`` names it: a DuckDB file, or a connection string of Postgres (``postgres:dbname=… host=…``
or ``postgresql://…``). It is attached read-only as `raw_database`. Passwords belong into ``~/.pgpass`` or
``PGPASSWORD``, because dbt keeps the connection string among its artifacts.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from customer_success.sql import sql_text

VARIABLE = "CS_RAW_DATABASE"
CATALOG = "raw_database"
POSTGRES = ("postgres:", "postgresql:")
EXTENSION = "duckdb_extension_postgres_scanner"
# Stands for the raw table app.households where a company has none.
NO_HOUSEHOLDS = "(select null::varchar as id where false)"


def raw_database(environment: Mapping[str, str] = os.environ) -> str:
    """Return what ``CS_RAW_DATABASE`` names; an empty text where it is not set."""
    return environment.get(VARIABLE, "").strip()


def attach_raw_database(connection: duckdb.DuckDBPyConnection, named: str | None = None) -> str | None:
    """Attach the connectors' database read-only, once; return its catalog, or None where none is named.

    ``named``: what to attach; by default what ``CS_RAW_DATABASE`` names. Raises FileNotFoundError for a file
    that is not there, ``duckdb.Error`` where a server does not answer.
    """
    named = raw_database() if named is None else named
    if not named:
        return None
    attached = connection.execute("select database_name from duckdb_databases()").fetchall()
    if (CATALOG,) in attached:
        return CATALOG
    if named.startswith(POSTGRES):
        connection.execute(f"load {sql_text(_extension(connection))}")
        text = named.removeprefix("postgres:") if "=" in named and "://" not in named else named
        connection.execute(f"attach {sql_text(text)} as {CATALOG} (type postgres, read_only)")
    else:
        if not Path(named).is_file():
            raise FileNotFoundError(f"{VARIABLE}: there is no file {named}")
        connection.execute(f"attach {sql_text(named)} as {CATALOG} (read_only)")
    return CATALOG


def _extension(connection: duckdb.DuckDBPyConnection) -> Path:
    """Return the file of DuckDB's extension for Postgres: it is installed as a package, not downloaded."""
    (version,) = connection.execute("select version()").fetchone()
    package = importlib.util.find_spec(EXTENSION)
    if package is None:
        raise FileNotFoundError(f"{VARIABLE} names a Postgres database: install the package {EXTENSION}")
    return Path(package.origin).parent / "extensions" / version / "postgres_scanner.duckdb_extension"
