"""The proof of the marts passes a true build, and notices each column, row and rule that is changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from harness import END, REPOSITORY

from customer_success.building.candidate import project_variables
from customer_success.proofs import Candidate
from customer_success.publish import Places
from customer_success.recount.drawn import drawn
from customer_success.recount.marts.elsewhere import ELSEWHERE, WHOLE
from customer_success.recount.marts.held import Held, columns_of, wrong_rows
from customer_success.recount.marts.prove import MADE_OF, comparisons, prove_marts, unproved

OWNERS = {"household_id", "customer_id", "account_id"}
LATEST = ("score_date", "activity_date", "period_start")


class Compared(NamedTuple):
    """A copy of a build that may be changed, and its comparisons by mart."""

    connection: duckdb.DuckDBPyConnection
    helds: dict[str, list[Held]]

    def columns(self, mart: str) -> dict[str, str]:
        return columns_of(self.connection, f"from analytics.{mart}")

    def found(self, mart: str, lie: str) -> list[str]:
        """Return what the comparisons of a mart find after a change, which is undone."""
        self.connection.execute("begin")
        try:
            self.connection.execute(lie)
            return [message for held in self.helds[mart] for message in wrong_rows(self.connection, held)]
        finally:
            self.connection.execute("rollback")

    def a_row(self, mart: str, column: str = "") -> str:
        """Return a condition for one row: of a drawn household and of late, with a value where one has it."""
        names = self.columns(mart)
        order = [f'"{column}" is null'] if column else []
        order += [f"{name} not in (from drawn_homes)" for name in names if name in OWNERS]
        order += [f"{name} desc" for name in names if name in LATEST]
        return f"rowid = (select rowid from analytics.{mart} order by {', '.join([*order, 'rowid'])} limit 1)"


def candidate(database: Path, ledger: Path, raw: Path | None) -> Candidate:
    with duckdb.connect(str(database), read_only=True) as connection:
        run = connection.execute(
            "select any_value(invocation_id) from analytics.fct_metric_values"
        ).fetchone()[0]
    places = Places(database, database.parent / "published")
    return Candidate(
        places, ledger, {}, {"metadata": {"invocation_id": run}}, project_variables(REPOSITORY), raw, END
    )


@pytest.fixture(scope="module")
def true_build(warehouse, warehouse_raw) -> Candidate:
    return candidate(warehouse.database, warehouse.ledger, warehouse_raw)


@pytest.fixture(scope="module")
def compared(true_build, warehouse, tmp_path_factory) -> Iterator[Compared]:
    copy = tmp_path_factory.mktemp("marts") / "working.duckdb"
    shutil.copy2(warehouse.database, copy)
    with drawn(true_build) as found, duckdb.connect(str(copy)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{warehouse.ledger}' as ledger (read_only)")
        helds: dict[str, list[Held]] = {}
        for held in comparisons(connection, true_build, found):
            helds.setdefault(held.mart, []).append(held)
        yield Compared(connection, helds)


def other_value(column: str, kind: str) -> str:
    """Return SQL for another value of a column; of an unknown one, some value."""
    name = f'"{column}"'
    if kind == "BOOLEAN":
        return f"coalesce(not {name}, true)"
    if kind == "DATE":
        return f"coalesce({name} - 1, date '{END}')"
    if kind.startswith("TIMESTAMP"):
        return f"coalesce({name} - interval 1 hour, timestamp '{END}')"
    if kind.endswith("[]"):
        return f"list_append({name}, 'another')"
    if kind in ("VARCHAR", "JSON"):
        return f"coalesce({name}, '') || 'x'"
    return f"coalesce({name} + 1, 1)"


def test_a_true_build_is_proved_from_files_and_from_the_tables_in_the_database(true_build):
    assert prove_marts(true_build) == []
    landed = Candidate(**{**true_build.__dict__, "raw": None})
    assert prove_marts(landed) == []


def test_every_column_that_changes_is_noticed(compared):
    """Each column of each mart that no other proof holds: one value of one row."""
    unnoticed = []
    for mart in compared.helds:
        elsewhere = ELSEWHERE.get(mart, {})
        some = compared.connection.execute(f"select count(*) from analytics.{mart}").fetchone()[0]
        for column, kind in compared.columns(mart).items():
            if not some or column in elsewhere or WHOLE in elsewhere or column in MADE_OF.values():
                continue
            lie = f'update analytics.{mart} set "{column}" = {other_value(column, kind)}'
            if not compared.found(mart, f"{lie} where {compared.a_row(mart, column)}"):
                unnoticed.append(f"{mart}.{column}")
    assert unnoticed == []


@pytest.mark.parametrize("change", ["delete from", "insert into"])
def test_every_row_that_is_gone_or_doubled_is_noticed(compared, change):
    unnoticed = []
    for mart in compared.helds:
        rows = "" if change.startswith("delete") else f" from analytics.{mart}"
        if compared.connection.execute(f"select count(*) from analytics.{mart}").fetchone()[0]:
            lie = f"{change} analytics.{mart}{rows} where {compared.a_row(mart)}"
            if not compared.found(mart, lie):
                unnoticed.append(mart)
    assert unnoticed == []


def test_a_published_column_that_nothing_compares_is_a_problem(compared):
    known = {mart: set(compared.columns(mart)) for mart in compared.helds}
    assert unproved(compared.connection, known) == []
    known["fct_support_tickets"] -= {"severity"}
    known.pop("fct_retention_health")
    messages = [problem.message for problem in unproved(compared.connection, known)]
    assert len(messages) == 2
    assert any("fct_support_tickets.severity:" in message for message in messages)
    assert any("fct_retention_health.household_id, score_date, overall" in message for message in messages)


def test_what_persons_wrote_is_not_shown(compared):
    row = compared.a_row("fct_nps_surveys", "nps_comment")
    lie = f"update analytics.fct_nps_surveys set nps_comment = 'my secret' where {row}"
    (message,) = compared.found("fct_nps_surveys", lie)
    assert "fct_nps_surveys.nps_comment" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("mart", "lie", "expected"),
    [
        (
            "fct_sentiment_alerts",
            "delete from analytics.fct_sentiment_alerts where household_id in (from drawn_homes)",
            "lacks a row",
        ),
        (
            "rpt_premium_adoption_risk",
            "insert into analytics.rpt_premium_adoption_risk by name"
            " select min(household_id) as household_id from drawn_homes",
            "has a row that nothing gives",
        ),
        (
            "fct_metric_values",
            "update analytics.fct_metric_values set status = 'stale' where status = 'publishable'",
            "status of metric",
        ),
    ],
)
def test_the_message_says_what_differs(compared, mart, lie, expected):
    assert any(expected in message for message in compared.found(mart, lie))
