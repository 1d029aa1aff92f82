"""The proof of scores passes a true build and rejects each lie about scores of this file."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from harness import RawFolder

from customer_success.building.candidate import project_variables
from customer_success.proofs import Candidate
from customer_success.publish import Places
from customer_success.recount.additions import reachable
from customer_success.recount.drawn import HOUSEHOLDS, Sample, draw
from customer_success.recount.households.facts import World, as_date
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.sample import HOUSEHOLDS as RAW_HOUSEHOLDS
from customer_success.recount.households.sample import raw_relations, sampled_world
from customer_success.recount.households.values import day_number
from customer_success.recount.scores import earlier_date, prove_scores, wrong_scores


class Lie(NamedTuple):
    """A lie: SQL with the names of what it is about, and words that the proof must find for it."""

    name: str
    sql: str
    expected: str


# {today} and {earlier} are dates of the sample, {other} is a household that is not in it.
LIES = (
    Lie(
        "ten points of engagement for every household",
        "update analytics.fct_health_scores set engagement_score = least(engagement_score + 10, 100)",
        "engagement_score",
    ),
    Lie(
        "a score of the past is lifted",
        "update analytics.fct_health_scores set overall_score = overall_score + 1"
        " where score_date = '{earlier}' and health_model = 'value_v2'",
        "overall_score",
    ),
    Lie(
        "an MRR's rank among other payers",
        "update analytics.fct_health_scores set financial_score = 100 - financial_score"
        " where health_model = 'retention_b2b' and financial_score <> 50",
        "financial_score",
    ),
    Lie(
        "all of a score is called known",
        "update analytics.fct_health_scores set known_weight = 1",
        "known_weight",
    ),
    Lie(
        "a known weight that is not the sum, of one household outside the sample",
        "update analytics.fct_health_scores set known_weight = 0.98 where household_id = '{other}'"
        " and score_date = '{earlier}' and health_model = 'graded'",
        "add up to",
    ),
    Lie(
        "one household outside the sample in a better band",
        "update analytics.fct_health_scores set segment = 'Healthy', overall_score = 95"
        " where household_id = '{other}' and score_date = '{earlier}' and health_model = 'value_v2'",
        "its parts give",
    ),
    Lie(
        "the customers of today have no scores",
        "delete from analytics.fct_health_scores where score_date = '{today}'",
        "no row",
    ),
    Lie(
        "a household that left is scored on",
        "insert into analytics.fct_health_scores by name select * replace (date '{today}' as score_date)"
        " from analytics.fct_health_scores as past where score_date = (select max(score_date) from"
        " analytics.fct_health_scores as own where own.household_id = past.household_id)"
        " and score_date < '{today}'",
        "a row",
    ),
    Lie(
        "a grade better",
        "update analytics.fct_customer_health set health_grade = 'A' where health_grade in ('B', 'C')",
        "health_grade",
    ),
    Lie(
        "the score of the mart of customers is another",
        "update analytics.fct_customer_health set health_score = health_score + 1",
        "health_score",
    ),
    Lie(
        "open tickets are closed",
        "update analytics.fct_customer_health set open_tickets = 0",
        "open_tickets",
    ),
)


@pytest.fixture(scope="module")
def copied(warehouse_database, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("scores")
    shutil.copy2(warehouse_database, folder / "working.duckdb")
    return folder / "working.duckdb"


def recounted(connection: duckdb.DuckDBPyConnection, raw: Path) -> tuple[World, Sample]:
    """Draw a sample and recount it from raw files."""
    today = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    relations = raw_relations(connection, raw, {})
    sample = draw(connection, relations[RAW_HOUSEHOLDS], today)
    wanted = [*sample.scored, *sample.unscored]
    return sampled_world(connection, relations, wanted, day_number(today), Rules.read()), sample


@pytest.fixture(scope="module")
def truth(copied, warehouse_raw):
    """The recount of the sample, with which each lie is compared."""
    with duckdb.connect(str(copied)) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection, *recounted(connection, warehouse_raw)


def candidate(database: Path, raw: Path | None, **variables: object) -> Candidate:
    with duckdb.connect(str(database), read_only=True) as connection:
        today = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    settings = {**project_variables(), "raw_data_path": str(raw or ""), **variables}
    places = Places(database, database.parent / "published")
    return Candidate(places, database.parent / "ledger.duckdb", {}, {}, settings, raw, today)


def test_a_true_build_is_proven_from_files_and_from_the_tables_in_the_database(
    warehouse_database, warehouse_raw
):
    assert prove_scores(candidate(warehouse_database, warehouse_raw)) == []
    assert prove_scores(candidate(warehouse_database, None)) == []


def test_the_sample_is_drawn_by_the_day(truth):
    connection, world, sample = truth
    assert len(set(sample.scored)) == HOUSEHOLDS
    other = draw(connection, "raw_app.households", date(2026, 6, 29))
    assert set(other.scored) != set(sample.scored)
    assert not set(sample.unscored) & set(sample.scored)
    assert len(earlier_date(world)) == 1


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_lie_is_rejected(truth, lie):
    connection, world, sample = truth
    dates = [world.as_of, *earlier_date(world)]
    (other,) = connection.execute(
        "select min(household_id) from analytics.fct_health_scores where score_date = ?"
        " and household_id not in (select unnest(?::varchar[]))",
        [as_date(dates[1]), list(sample.scored)],
    ).fetchone()
    sql = lie.sql.format(
        today=as_date(dates[0]), earlier=as_date(dates[1]), drawn=sample.scored[0], other=other
    )
    assert wrong_scores(connection, world, sample, dates) == []
    connection.execute("begin")
    try:
        connection.execute(sql)
        problems = wrong_scores(connection, world, sample, dates)
    finally:
        connection.execute("rollback")
    assert any(lie.expected in problem.message for problem in problems), problems


@pytest.mark.parametrize(
    ("table", "sql", "expected"),
    [
        ("product.events", "from rows where event_name <> 'task_completion'", "product_usage_score"),
        ("stripe.charge", "select * replace ('failed' as status) from rows", "payment_score"),
        ("survey.response", "select * replace (0 as score) from rows where survey_type = 'NPS'", "nps_score"),
    ],
)
def test_marts_of_other_raw_rows_are_rejected(
    warehouse_database, warehouse_raw, tmp_path, table, sql, expected
):
    """A filter or a mapping in staging, imitated by other raw rows."""
    raw = RawFolder.copy_of(warehouse_raw, tmp_path / "raw")
    raw.change(table, sql)
    problems = prove_scores(candidate(warehouse_database, raw.folder))
    assert any(expected in problem.message for problem in problems)


def test_a_household_that_raw_files_do_not_have_is_a_problem(warehouse_database, warehouse_raw, tmp_path):
    raw = RawFolder.copy_of(warehouse_raw, tmp_path / "raw")
    raw.change("app.households", "from rows where hash(id) % 2 = 0")
    problems = prove_scores(candidate(warehouse_database, raw.folder))
    assert any("have no valid raw row" in problem.message for problem in problems)


def test_vars_are_followed_and_a_mart_built_with_others_is_rejected(warehouse_database, warehouse_raw):
    problems = prove_scores(candidate(warehouse_database, warehouse_raw, nps_valid_days=1))
    assert any("nps_score" in problem.message for problem in problems)


def test_known_weights_that_a_row_can_have():
    rules = Rules.read().health
    assert reachable("value_v2", ("payment", "engagement"), rules) == {Fraction(1, 5)}
    lines = reachable("retention_b2b", ("product_usage", "support"), rules)
    weights = rules.weights["retention_b2b"]
    assert lines == {weights["product_usage"] + weights["support"] * Fraction(n, 3) for n in (1, 2, 3)}
