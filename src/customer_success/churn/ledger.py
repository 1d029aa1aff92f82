"""What was predicted and published, kept in the ledger: later builds hold it against what happened."""

from __future__ import annotations

import duckdb

PREDICTIONS = """
    insert into ledger.ledger.published_predictions by name
    select household_id, scored_as_of, churn_probability, model_run_id
    from analytics.ml_churn_predictions as predictions
    anti join ledger.ledger.published_predictions as published
        using (household_id, scored_as_of, model_run_id)
"""
RUNS = """
    insert into ledger.ledger.published_model_runs by name
    select * exclude (is_current)
    from analytics.ml_model_runs as runs
    anti join ledger.ledger.published_model_runs as published using (model_run_id)
    where is_current
"""
# Of a household that the source no longer has nothing is kept.
ERASED = """
    delete from ledger.ledger.published_predictions
    where household_id not in (select household_id from staging.stg_app__households)
"""


def record_predictions(connection: duckdb.DuckDBPyConnection) -> int:
    """Note the predictions and the run that have just been published; returns the number of new predictions.

    ``connection``: to the database of the build, with the ledger attached as `ledger` (writable). What the
    ledger has already is not noted again; it forgets households that have been erased.
    """
    connection.execute(ERASED)
    connection.execute(RUNS)
    return connection.execute(PREDICTIONS).fetchone()[0]
