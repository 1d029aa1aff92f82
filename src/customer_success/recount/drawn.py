"""Households drawn by a hash for the proofs of scores and models, and their recount from raw rows.

The hash is of the household's id and as_of_date, so other households are drawn each day. Both proofs recount
from one reading of the raw rows; each compares its own tables with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from customer_success.proofs import Candidate
from customer_success.raw_database import NO_HOUSEHOLDS

from .households.facts import World
from .households.growth_sample import seen_in
from .households.reader import Reader
from .households.rules import Rules
from .households.sample import HOUSEHOLDS as RAW_HOUSEHOLDS
from .households.sample import raw_relations, sampled_rows, world_of
from .households.sifting import Staged
from .households.values import day_number

HOUSEHOLDS = 50
WITHOUT_SCORE = 10


@dataclass(frozen=True)
class Sample:
    """Households drawn, with and without a score."""

    scored: tuple[str, ...]
    unscored: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.scored + self.unscored


@dataclass(frozen=True)
class Drawn:
    """The sample of households, those drawn from the survival table, and the recount of both.

    ``staged`` are the classified raw rows that the recount has read.
    """

    sample: Sample
    survivors: tuple[str, ...]
    staged: Staged
    world: World


@contextmanager
def drawn(candidate: Candidate) -> Iterator[Drawn]:
    """Draw households and recount them from their raw rows, once for all proofs of a build."""
    with candidate.read_once("drawn households", lambda: _recount(candidate)) as found:
        yield found


@contextmanager
def _recount(candidate: Candidate) -> Iterator[Drawn]:
    today = candidate.as_of_date
    with duckdb.connect(str(candidate.places.database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        relations = raw_relations(connection, candidate.raw, candidate.variables)
        sample = draw(connection, relations.get(RAW_HOUSEHOLDS, NO_HOUSEHOLDS), today)
        others = draw_survivors(connection, today, HOUSEHOLDS)
        rules = Rules.read(candidate.variables)
        wanted = [*sample.all, *others]
        staged = sampled_rows(connection, relations, wanted, day_number(today), rules)
        seen = seen_in(Reader(connection, relations), day_number(today), rules)
    yield Drawn(sample, tuple(others), staged, world_of(staged, wanted, seen))


def draw(connection: duckdb.DuckDBPyConnection, raw_households: str, as_of_date: date) -> Sample:
    """Draw households by md5(household_id || as_of_date), lowest first.

    ``raw_households`` is the relation of raw table app.households: a household that exists and has no
    score is drawn too.
    """
    connection.execute(
        "create or replace temp table recount_scored as"
        " select distinct household_id from analytics.fct_health_scores"
    )
    order = "order by md5(household_id || ?), household_id limit ?"
    scored = connection.execute(
        f"select household_id from recount_scored {order}", [str(as_of_date), HOUSEHOLDS]
    ).fetchall()
    unscored = connection.execute(
        "select household_id from (select distinct id::varchar as household_id"
        f" from {raw_households} where id is not null) anti join recount_scored using (household_id) {order}",
        [str(as_of_date), WITHOUT_SCORE],
    ).fetchall()
    return Sample(*(tuple(name for (name,) in rows) for rows in (scored, unscored)))


def draw_survivors(connection: duckdb.DuckDBPyConnection, as_of_date: date, count: int) -> list[str]:
    """Draw households of the survival table by md5(household_id || as_of_date), lowest first."""
    rows = connection.execute(
        "select household_id from intermediate.int_survival_households"
        " order by md5(household_id || ?), household_id limit ?",
        [str(as_of_date), count],
    ).fetchall()
    return [household for (household,) in rows]
