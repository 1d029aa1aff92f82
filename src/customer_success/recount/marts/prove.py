"""The proof of the marts: runs the comparisons, and finds columns that nothing compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.recount.drawn import Drawn, drawn
from customer_success.recount.households.journey_rules import JourneyRules
from customer_success.recount.scores import earlier_date
from customer_success.sql import sql_text

from .backtest import backtest
from .drawn_marts import drawn_marts
from .elsewhere import ELSEWHERE, WHOLE
from .growth import grown
from .held import Held, columns_of, wrong_rows
from .journey_reports import journey_reports
from .journeys import journeys
from .of_homes import of_homes
from .owners import owners
from .renewal_reports import renewal_chances
from .repeated import OF_MARTS, OF_STAGING
from .reports import reports
from .rule_list import rule_list
from .standing import outcomes, standing
from .summed import Build, summed
from .voice import spoken

PROOF = "marts"
# Marts of which a comparison reads a relation that is made from one column.
MADE_OF = {"fct_churn_severity": "risk_factors"}


def prove_marts(candidate: Candidate) -> list[Problem]:
    """Return marts that differ from raw rows, proved marts or rules, and columns that no proof compares."""
    with (
        drawn(candidate) as found,
        duckdb.connect(str(candidate.places.database), read_only=True) as connection,
    ):
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {sql_text(candidate.ledger)} as ledger (read_only)")
        problems: list[Problem] = []
        compared: dict[str, set[str]] = {}
        for held in comparisons(connection, candidate, found):
            problems += [_problem(held.mart, message) for message in wrong_rows(connection, held)]
            compared.setdefault(held.mart, set()).update(_compared(connection, held))
        return problems + unproved(connection, compared)


def _compared(connection: duckdb.DuckDBPyConnection, held: Held) -> Iterable[str]:
    """Return the columns of the mart that a comparison proves; none where it could not run."""
    if held.mart in MADE_OF:
        return [MADE_OF[held.mart]]
    try:
        return columns_of(connection, held.expected)
    except duckdb.Error:
        return []


def comparisons(connection: duckdb.DuckDBPyConnection, candidate: Candidate, found: Drawn) -> Iterator[Held]:
    """Return all comparisons. The connection is to the working database, with the ledger as `ledger`.

    Relations that they read are registered in the connection.
    """
    world = found.world
    absent = frozenset(f"{source}.{table}" for source, table in found.staged.raw.absent)
    run = candidate.run_results["metadata"]["invocation_id"]
    build = Build(candidate.as_of_date, world.rules, run, absent)
    yield from OF_STAGING
    yield from OF_MARTS
    yield rule_list()
    yield from summed(build)
    yield from reports(connection, build)
    yield from backtest(build)
    yield from standing(build, candidate.variables)
    yield outcomes(build, candidate.variables)
    yield from of_homes(connection, found)
    dates = [world.as_of, *earlier_date(world)]
    yield from drawn_marts(connection, world, dates, candidate.variables)
    yield from spoken(connection, found)
    yield from grown(connection, found)
    rules = JourneyRules.read()
    yield from journeys(connection, world, rules)
    yield from owners(connection, build, rules)
    yield from renewal_chances(connection, build)
    yield from journey_reports(connection, build, rules)


def unproved(connection: duckdb.DuckDBPyConnection, compared: Mapping[str, set[str]]) -> list[Problem]:
    """Return a problem per published mart with columns that no proof compares."""
    columns: dict[str, list[str]] = {}
    for mart, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'analytics'"
        " and table_catalog = current_database() order by table_name, ordinal_position"
    ).fetchall():
        columns.setdefault(mart, []).append(column)
    found = []
    for mart, names in columns.items():
        elsewhere = ELSEWHERE.get(mart, {})
        left = [name for name in names if name not in compared.get(mart, ()) and name not in elsewhere]
        if left and WHOLE not in elsewhere:
            message = f"No proof compares {mart}.{', '.join(left)}: add a comparison to recount/marts."
            found.append(_problem(mart, message))
    return found


def _problem(mart: str, message: str) -> Problem:
    return Problem(f"{PROOF}: {mart}", "fail", message, f"model {mart}")
