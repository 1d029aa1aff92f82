"""dbt-duckdb plugin: functions that the macros need and that SQL does not have."""

from __future__ import annotations

from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from customer_success.building.datasets import (
    LIVE,
    SYNTHETIC,
    mixture_problem,
    published_dataset,
)
from customer_success.building.raw_file import raw_file_problem
from customer_success.building.refusals import raw_folder_problem
from customer_success.ledger.chain import append_script
from customer_success.ledger.tables import definition
from customer_success.libraries import import_libraries
from customer_success.publish import Places, ledger_file
from customer_success.raw_database import attach_raw_database


def absolute_path(path: str) -> str:
    """Return ``path`` made absolute, links left as they are, so that views on files hold from anywhere."""
    return str(Path(path).absolute())


def dataset_problem(dataset: str, remembered: list[str]) -> str:
    """Return why data of a kind must not be built onto what was published; an empty text where they may.

    ``remembered`` are the kinds of data that the ledger, which is open here, has values of.
    """
    known = published_dataset(Places.from_environment()) | dict.fromkeys(remembered, ledger_file())
    return mixture_problem(SYNTHETIC if dataset == SYNTHETIC else LIVE, known)


def ledger_append(kind: str, query: str, invocation: str, as_of_date: str) -> str:
    """Return the SQL that appends the rows of ``query`` to a kind of the ledger; see `append_script`."""
    return append_script(kind, query, invocation, as_of_date)


class Plugin(BasePlugin):
    """Registers the functions on the connection to the database, of which each thread has a cursor.

    dbt-duckdb opens it once, under a lock and before on-run-start.
    """

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        attach_raw_database(conn)
        conn.create_function("raw_file_problem", raw_file_problem, ["VARCHAR"], "VARCHAR")
        conn.create_function("absolute_path", absolute_path, ["VARCHAR"], "VARCHAR")
        conn.create_function("raw_folder_problem", raw_folder_problem, ["VARCHAR"], "VARCHAR")
        conn.create_function("dataset_problem", dataset_problem, ["VARCHAR", "VARCHAR[]"], "VARCHAR")
        # Called by the hook import_libraries: in the main thread, before any model runs.
        conn.create_function("import_libraries", import_libraries, [], "INTEGER", side_effects=True)
        conn.create_function("ledger_definition", definition, [], "VARCHAR")
        conn.create_function("ledger_append", ledger_append, ["VARCHAR"] * 4, "VARCHAR")
