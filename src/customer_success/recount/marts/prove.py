"""The proof of the marts: runs the comparisons and finds the columns that none of them compares."""

from __future__ import annotations

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.recount.drawn import drawn
from customer_success.recount.scores import earlier_date

from .held import Held, columns_of, wrong_rows
from .judged import judged
from .of_homes import of_homes
from .repeated import OF_MARTS, OF_STAGING
from .summed import Build, summed

PROOF = "marts"


def prove_marts(candidate: Candidate) -> list[Problem]:
    """Return the marts that differ from what raw rows, proved marts and rules give."""
    with (
        drawn(candidate) as found,
        duckdb.connect(str(candidate.places.database), read_only=True) as connection,
    ):
        connection.execute("set timezone = 'UTC'")
        absent = frozenset(f"{source}.{table}" for source, table in found.staged.raw.absent)
        build = Build(candidate.as_of_date, found.world.rules, run_of(candidate), absent)
        problems = []
        for held in (
            *OF_STAGING,
            *OF_MARTS,
            *summed(build),
            *of_homes(connection, found),
            *judged(connection, found.world, [found.world.as_of, *earlier_date(found.world)], candidate.variables),
        ):
            problems += [_problem(candidate, held.mart, message) for message in wrong_rows(connection, held)]
        return problems


def run_of(candidate: Candidate) -> str:
    return candidate.run_results["metadata"]["invocation_id"]


def _problem(candidate: Candidate, mart: str, message: str) -> Problem:
    return Problem(PROOF, "fail", message, f"model {mart}")
