"""The proof: what readers would see of metrics equals what is counted anew from raw."""

from __future__ import annotations

import tempfile

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.publish.places import memory_limit
from customer_success.recount.metrics.comparing import compare
from customer_success.recount.metrics.counting import count
from customer_success.recount.reading import read_raw, sources_present


def prove_metrics(candidate: Candidate) -> list[Problem]:
    """Count every metric anew from the raw rows; one problem per metric and way in which it differs.

    Everything is counted in a database of its own in memory; the working database is attached read-only.
    """
    with tempfile.TemporaryDirectory(prefix="recount-") as spill, duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        connection.execute("set temp_directory = ?", [spill])
        connection.execute("set preserve_insertion_order = false")
        database = str(candidate.places.database).replace("'", "''")
        connection.execute(f"attach '{database}' as built (read_only)")
        read_raw(
            connection,
            candidate.raw,
            candidate.places.database,
            candidate.as_of_date,
            candidate.variables,
            candidate.ledger,
        )
        count(
            connection,
            candidate.as_of_date,
            present=frozenset(sources_present(connection)),
            trailing_days=int(str(candidate.variables["trailing_days"])),
            history_weeks=int(str(candidate.variables["history_weeks"])),
        )
        return compare(connection)
