import pandas as pd

from customer_success.claims import Data, household_reader, read_claims, verdicts_on
from customer_success.packed import unpack


def model(dbt, session):
    dbt.config(materialized="table")
    families = {
        "int_metric_activity": dbt.ref("int_metric_activity"),
        "int_metric_ends": dbt.ref("int_metric_ends"),
        "int_metric_health": dbt.ref("int_metric_health"),
        "int_metric_invitations": dbt.ref("int_metric_invitations"),
        "int_metric_loops": dbt.ref("int_metric_loops"),
        "int_metric_members": dbt.ref("int_metric_members"),
        "int_metric_onboarding": dbt.ref("int_metric_onboarding"),
        "int_metric_solutions": dbt.ref("int_metric_solutions"),
        "int_metric_starts": dbt.ref("int_metric_starts"),
        "int_metric_surveys": dbt.ref("int_metric_surveys"),
        "int_metric_tickets": dbt.ref("int_metric_tickets"),
    }
    definitions = dbt.ref("int_metric_definitions").df()
    # dbt detects a ref only if at most one method call follows it.
    periods = dbt.ref("int_metric_periods")
    as_of = periods.max("end_day").fetchone()[0]
    run = unpack(dbt.ref("ml_churn_run").to_arrow_table())
    data = Data(
        as_of=as_of,
        metrics=definitions,
        values=dbt.ref("fct_metric_values").df(),
        households=household_reader(families, definitions),
        model_runs=run.get("runs", pd.DataFrame()).assign(as_of_date=as_of),
        model_metrics=run.get("metrics", pd.DataFrame()),
    )
    alpha, seed, widest = dbt.config.get("alpha"), dbt.config.get("seed"), dbt.config.get("widest")
    return verdicts_on(read_claims(dbt.ref("claims").df()), data, alpha=alpha, seed=seed, widest=widest)
