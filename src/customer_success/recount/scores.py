"""Proof: scores are what the raw rows of a sample of households give, and each row of scores adds up.

Fifty households are drawn (``drawn``): other ones each day. Their raw rows are read and classified again, and
their four scorecards recounted (``households``) at as_of_date and at one earlier score date. Ten
households without any score are recounted too: they must be no customers.
The lexicon of sentiment and the detector of languages are the project's own; nothing else is shared.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import duckdb
import pandas as pd

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.raw_database import NO_HOUSEHOLDS

from .additions import wrong_additions
from .drawn import Sample, draw, drawn
from .households import health_tables
from .households.facts import World, as_date
from .households.rules import Rules
from .households.sample import HOUSEHOLDS as RAW_HOUSEHOLDS
from .households.sample import raw_relations, sampled_world
from .households.values import day_number

PROOF = "scores from raw"
TOLERANCE = Fraction(1, 10**6)
TABLES = ("fct_health_scores", "fct_customer_health")
EVIDENCE_HOUSEHOLDS = 10


class Comparison(NamedTuple):
    """One value as the marts have it and as the raw rows give it; column None is the row itself."""

    table: str
    column: str | None
    household_id: str
    score_date: date
    health_model: str
    mart: object
    recounted: object

    def differs(self) -> bool:
        """Return whether they differ; stored decimals may differ by one in the sixth place."""
        mart, recounted = self.mart, self.recounted
        if mart is None or recounted is None:
            return mart is not recounted
        if isinstance(mart, bool) or not isinstance(mart, (int, float, Decimal)):
            return mart != recounted
        allowed = TOLERANCE if isinstance(mart, (float, Decimal)) else 0
        return abs(Fraction(mart) - Fraction(recounted)) > allowed


def prove_scores(candidate: Candidate) -> list[Problem]:
    """Recount the scores of the sample; return a problem for each column that differs anywhere."""
    with (
        drawn(candidate) as found,
        duckdb.connect(str(candidate.places.database), read_only=True) as connection,
    ):
        connection.execute("set timezone = 'UTC'")
        world = found.world.of(found.sample.all)
        return wrong_scores(connection, world, found.sample, [world.as_of, *earlier_date(world)])


def wrong_scores(
    connection: duckdb.DuckDBPyConnection, world: World, sample: Sample, dates: Iterable[int]
) -> list[Problem]:
    """Compare marts with the recount of a sample on some dates, and each score with the sum of its parts."""
    if not sample.all:  # neither raw nor the marts have a household
        return []
    problems = _problems(list(compare(connection, world, sample, dates))) + _unknown(world, sample)
    added = wrong_additions(connection, world.rules.health)
    return problems + [_problem(message, TABLES[0]) for message in added]


def earlier_date(world: World) -> list[int]:
    """Choose by a hash one earlier score date on which a household of the sample was a customer, if any."""
    homes, today = world.homes.values(), as_date(world.as_of)
    dates = [d for d in world.score_dates() if d < world.as_of and any(h.is_customer(d) for h in homes)]
    return sorted(dates, key=lambda d: hashlib.md5(f"{as_date(d)}{today}".encode()).digest())[:1]


def compare(
    connection: duckdb.DuckDBPyConnection,
    world: World,
    sample: Sample,
    dates: Iterable[int],
) -> Iterator[Comparison]:
    """Compare each value of the sample's rows of scores on some dates with what its raw rows give."""
    dates = list(dates)
    theirs = _rows(connection, "fct_health_scores", sample.all, dates)
    daily = _rows(connection, "fct_customer_health", sample.all, dates)
    primary = world.rules.health.primary
    for household in sample.all:
        home = world.homes.get(household)
        for d in dates:
            for model in world.rules.health.weights:
                ours = home and health_tables.health_score(model, home, d, world)
                key = (household, as_date(d), model)
                yield from _compared(TABLES[0], key, ours, theirs.get(key))
            ours = home and health_tables.customer_health(home, d, world)
            key = (household, as_date(d), primary)
            yield from _compared(TABLES[1], key, ours, daily.get(key))


def evidence(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, object]) -> pd.DataFrame:
    """Return parts and score of the primary scorecard today, of ten households, as figures that must agree.

    Columns item, observed (the marts), expected (raw rows). ``variables``: vars of the build. Raw tables are
    read as in the database.
    """
    rules = Rules.read(variables)
    as_of_date = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    relations = raw_relations(connection, None, variables)
    sample = draw(connection, relations.get(RAW_HOUSEHOLDS, NO_HOUSEHOLDS), as_of_date)
    sample = Sample(sample.scored[:EVIDENCE_HOUSEHOLDS], ())
    as_of = day_number(as_of_date)
    world = sampled_world(connection, relations, sample.scored, as_of, rules)
    rows = [
        (f"{one.household_id} {one.column}", _float(one.mart), _float(one.recounted))
        for one in compare(connection, world, sample, [as_of])
        if one.table == TABLES[0] and one.health_model == rules.health.primary
        if one.column is None or one.column.endswith("_score")
    ]
    return pd.DataFrame(rows, columns=["item", "observed", "expected"])


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, households: Sequence[str], dates: list[int]
) -> dict[tuple, dict]:
    found = connection.execute(
        f"select * from analytics.{table} where household_id in (select unnest(?::varchar[]))"
        " and score_date in (select unnest(?::date[]))",
        [list(households), [as_date(d) for d in dates]],
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["household_id"], row["score_date"], row["health_model"]): row for row in rows}


def _compared(table: str, key: tuple, ours: dict | None, theirs: dict | None) -> Iterator[Comparison]:
    if ours is None or theirs is None:
        if ours is not theirs:
            yield Comparison(table, None, *key, *("no row" if s is None else "a row" for s in (theirs, ours)))
        return
    for column, recounted in ours.items():
        yield Comparison(table, column, *key, theirs.get(column, "no column"), recounted)


def _problems(compared: list[Comparison]) -> list[Problem]:
    """One problem per table and column: how many values differ, and the first of them."""
    if not compared:
        return [_problem("No score was recounted: the marts have no household with a score.", TABLES[0])]
    totals = Counter((one.table, one.column) for one in compared)
    wrong = [one for one in compared if one.differs()]
    counts = Counter((one.table, one.column) for one in wrong)
    firsts = {(one.table, one.column): one for one in reversed(wrong)}
    problems = []
    for (table, column), first in sorted(firsts.items(), key=str):
        message = (
            f"{table}.{column or 'row'} of household {first.household_id} on {first.score_date}"
            f" ({first.health_model}): the mart has {_shown(first.mart)}, the raw rows give"
            f" {_shown(first.recounted)}."
            f" {counts[table, column]} of {totals[table, column]} recounted differ."
        )
        problems.append(_problem(message, table))
    return problems


def _unknown(world: World, sample: Sample) -> list[Problem]:
    """Return a problem where households with a score are not in the raw tables."""
    gone = [household for household in sample.scored if household not in world.homes]
    if not gone:
        return []
    message = f"{len(gone)} of {len(sample.scored)} households with a score have no valid raw row"
    return [_problem(f"{message}: {gone[0]}.", TABLES[0])]


def _problem(message: str, table: str) -> Problem:
    return Problem(PROOF, "fail", message, f"models/marts/health/{table}.sql")


def _shown(value: object) -> str:
    if isinstance(value, (Fraction, float, Decimal)):
        return f"{float(value):.10g}"
    return "unknown" if value is None else str(value)


def _float(value: object) -> float | None:
    """Return a figure as a float; a row that one side lacks differs from any figure."""
    return {"no row": None, "a row": 1.0}[value] if isinstance(value, str) else _number(value)


def _number(value: object) -> float | None:
    return None if value is None else float(value)
