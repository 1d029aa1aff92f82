"""Published predictions in the ledger: later builds compare them with the outcomes."""

from __future__ import annotations

import duckdb

from customer_success.ledger import chain
from customer_success.ledger.tables import PREDICTIONS, RUNS

NEW_PREDICTIONS = """
    select household_id, scored_as_of, churn_probability, model_run_id
    from analytics.ml_churn_predictions as predictions
    anti join ledger.ledger.published_predictions as published
        using (household_id, scored_as_of, model_run_id)
"""
NEW_RUNS = """
    select * exclude (is_current)
    from analytics.ml_model_runs as runs
    anti join ledger.ledger.published_model_runs as published using (model_run_id)
    where is_current
"""
# Nothing is kept of a household that the source no longer has. A household that is later than as_of_date, or
# quarantined, still counts.
ERASED = "household_id not in (select known_household_id from staging.base_app__household_states)"


def record_predictions(connection: duckdb.DuckDBPyConnection) -> int:
    """Note the predictions and the run that have just been published; returns the number of new predictions.

    ``connection``: to the database of the build, with the ledger attached as `ledger` (writable). Rows that
    the ledger already has are not noted again; rows of erased households are removed.
    """
    chain.erase(connection, PREDICTIONS, ERASED)
    chain.append(connection, RUNS, NEW_RUNS)
    return chain.append(connection, PREDICTIONS, NEW_PREDICTIONS)
