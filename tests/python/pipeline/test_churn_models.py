"""The models of churn in a build: abstention with its reason, and predictions compared with outcomes."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest
from harness import END

from customer_success.churn.ledger import record_predictions


def test_a_small_company_gets_no_predictions_and_a_reason(warehouse):
    status, reason, n_train = warehouse.rows(
        "select status, reason, n_train from analytics.ml_model_runs where is_current"
    )[0]
    assert status == "no_skill" and "churned households" in reason and n_train > 0
    assert warehouse.value("select count(*) from analytics.ml_churn_predictions") == 0
    assert warehouse.value("select count(*) from analytics.churn_predictions_v2") == 0
    assert warehouse.value("select count(churn_probability) from analytics.dim_households") == 0


@pytest.fixture(scope="module")
def followed(warehouse, tmp_path_factory):
    """A copy whose ledger has predictions: of leavers, of stayers, recent ones, of an unknown household."""
    copy = warehouse.copy(tmp_path_factory.mktemp("outcomes") / "copy")
    left, left_at = warehouse.rows(
        "select household_id, left_at from analytics.fct_churn_events order by churned_at limit 1"
    )[0]
    stayed = warehouse.value(
        """
        select min(household_id) from analytics.dim_households
        where churn_count = 0 and signup_date < as_of_date - 200
        """.replace("as_of_date", f"date '{END}'")
    )
    rows = [
        (left, left_at - timedelta(days=29), 0.9),
        (left, left_at - timedelta(days=31), 0.8),
        (stayed, END - timedelta(days=60), 0.2),
        (stayed, END - timedelta(days=59), 0.2),
        ("of a household that was erased", END - timedelta(days=90), 0.5),
    ]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy.ledger}' as ledger")
        connection.executemany(
            "insert into ledger.ledger.published_predictions values (?, ?, ?, 'run')",
            [list(row) for row in rows],
        )
    copy.build(select="ml_prediction_outcomes")
    return copy, left, stayed


def test_predictions_are_compared_with_outcomes(followed):
    copy, left, stayed = followed
    found = copy.rows(
        """
        select household_id, churn_probability, churned_next_30d, outcome_known
        from analytics.ml_prediction_outcomes order by churn_probability desc, scored_as_of
        """
    )
    assert found == [
        (left, 0.9, True, True),
        (left, 0.8, False, True),
        (stayed, 0.2, False, True),
        (stayed, 0.2, None, False),
    ]


def test_publishing_twice_notes_predictions_once_and_forgets_the_erased(followed):
    copy, left, _ = followed
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(f"attach '{copy.ledger}' as ledger")
        connection.execute(
            "insert into analytics.ml_churn_predictions (household_id, churn_probability, churn_risk_segment,"
            " model_run_id, scored_as_of) values (?, 0.7, 'High Risk', 'later run', ?)",
            [left, END],
        )
        assert record_predictions(connection) == 1
        assert record_predictions(connection) == 0
        kept = connection.execute(
            "select count(*), count(*) filter (where household_id like 'of a household%')"
            " from ledger.ledger.published_predictions"
        ).fetchone()
        runs = connection.execute("select count(*) from ledger.ledger.published_model_runs").fetchone()
    assert kept == (5, 0)
    assert runs == (1,)
