"""Restatements and erasures are proven from the ledger, and a model that differs is caught."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest
from small_company import DAY, MANIFEST

from customer_success.ledger.erasure import prove_erasures
from customer_success.ledger.restatements import prove_restatements, raw_households
from customer_success.ledger.start import prove_ledger

REASONS = {
    "late data": lambda company: company.next_day(nps=50.0),
    "correction": lambda company: company.values.update(nps=50.0),
    "erasure": lambda company: (company.next_day(nps=50.0), company.households.remove("h2")),
    "definition change": lambda company: (company.next_day(nps=50.0), company.hashes.update(nps="ccc")),
    "withdrawn": lambda company: company.next_day(nps=None),
    "back in time": lambda company: (
        company.next_day(nps=50.0),
        setattr(company, "day", DAY - timedelta(days=9)),
    ),
}


def restatements_of(company) -> list[tuple]:
    with duckdb.connect(str(company.places.database), read_only=True) as connection:
        return connection.execute(
            "select old_value, new_value, reason_class from analytics.fct_metric_restatements"
            " order by publication_number"
        ).fetchall()


def tell(company, *statements: str) -> list[str]:
    """Plant lies in the working database; return the messages of the proof."""
    with duckdb.connect(str(company.places.database)) as connection:
        for statement in statements:
            connection.execute(statement)
    return [problem.message for problem in prove_restatements(company.candidate)]


@pytest.mark.parametrize("reason", REASONS)
def test_the_models_agree_with_the_ledger(company, reason):
    """The proof and the models agree, for each reason; the change before stays in the table."""
    REASONS[reason](company)
    company.build()
    assert prove_restatements(company.candidate) == []
    now = {
        "withdrawn": [(42.0, None, "late data")],
        "back in time": [],
    }.get(reason, [(42.0, 50.0, reason)])
    assert restatements_of(company) == [(40.0, 42.0, "late data"), *now]
    company.publish()


LIES = {
    "no change left": "delete from analytics.fct_metric_restatements",
    "this build's change left out": "delete from analytics.fct_metric_restatements where new_value = 50",
    "an old change left out": "delete from analytics.fct_metric_restatements where new_value = 42",
    "another reason": "update analytics.fct_metric_restatements set reason_class = 'correction'",
    "another old value": "update analytics.fct_metric_restatements set old_value = 49 where new_value = 50",
    "another new value": "update analytics.fct_metric_restatements set new_value = 43 where new_value = 50",
    "another day": "update analytics.fct_metric_restatements set data_through = '2026-01-01'",
    "a change that is none": "insert into analytics.fct_metric_restatements"
    " select * replace ('churn' as metric) from analytics.fct_metric_restatements limit 1",
    "nothing for the ledger": "delete from intermediate.int_metric_changes",
    "another value for the ledger": "update intermediate.int_metric_changes set value = 42.5",
    "no erased households for the ledger": "update intermediate.int_metric_changes set erased_households = 9",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_changes_is_caught(company, lie):
    company.next_day(nps=50.0).build()
    assert tell(company) == []
    messages = tell(company, LIES[lie])
    assert len(messages) == 1 and "differ. It " in messages[0]


def test_both_numbers_and_the_metric_are_named(company):
    company.next_day(nps=50.0).build()
    (message,) = tell(company, "delete from analytics.fct_metric_restatements where new_value = 50")
    assert "has 1 changes of published values, the ledger and this build's values give 2" in message
    assert "lacks nps month 2026-05-01 all all 3" in message


def test_an_erasure_hidden_from_the_models_is_no_late_data(company):
    """The model that counts erased households counts none."""
    company.next_day(nps=50.0).households.remove("h2")
    company.build()
    lies = (
        "update analytics.fct_metric_restatements set reason_class = 'late data'",
        "update intermediate.int_metric_changes set erased_households = 0",
    )
    restated, changes = tell(company, *lies)
    assert "late data" in restated and "erasure" in restated
    assert "int_metric_changes" in changes


def test_only_households_that_raw_lacks_are_erased(company):
    company.next_day().households.remove("h2")
    company.build()
    assert prove_erasures(company.candidate) == []
    tell(company, "delete from staging.base_app__household_states where known_household_id = 'h3'")
    (problem,) = prove_erasures(company.candidate)
    assert "predictions of 1 households would be removed" in problem.message
    tell(company, "insert into staging.base_app__household_states values ('h2'), ('h3')")
    (problem,) = prove_erasures(company.candidate)
    assert "no longer has 1 households whose predictions the ledger would keep" in problem.message


def test_a_household_that_was_never_noted_is_seen(company):
    """Without the note its erasure would not be recognised."""
    company.households.append("h7")
    company.note_households = lambda: None
    company.build()
    (problem,) = prove_erasures(company.candidate)
    assert "has 1 households that the ledger does not have" in problem.message


def test_a_ledger_that_dbt_wrote_to_is_seen(company):
    company.next_day().build()
    assert prove_ledger(company.candidate) == []
    company.sql("delete from ledger.ledger.published_metric_values where value = 42")
    assert prove_ledger(company.candidate)


@pytest.mark.parametrize("flag", ["_fivetran_deleted", "IS_DELETED"])
def test_a_household_that_the_source_deleted_is_not_there(flag):
    """By the last load of each; without such a column all are there."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw_app")
        connection.execute(
            f"create table raw_app.households as select id, loaded as _fivetran_synced, gone as {flag} from"
            " (values ('kept', '2026-01-01', null), ('gone', '2026-01-01', 'false'),"
            " ('gone', '2026-01-02', 'true'), ('back', '2026-01-01', 'true'),"
            " ('back', '2026-01-02', 'false'), (null, '2026-01-01', 'false')) as rows (id, loaded, gone)"
        )
        ids = f"select id from {raw_households(connection, MANIFEST)} order by id"
        assert connection.execute(ids).fetchall() == [("back",), ("kept",)]
        connection.execute(f"alter table raw_app.households drop column {flag}")
        ids = f"select id from {raw_households(connection, MANIFEST)} order by id"
        assert connection.execute(ids).fetchall() == [("back",), ("gone",), ("kept",)]
