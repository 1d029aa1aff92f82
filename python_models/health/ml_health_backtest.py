from customer_success.health.backtest import backtest
from customer_success.memory import make_room


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    rows = dbt.ref("int_health_outcomes").to_arrow_table()
    bands = {}
    for rule in dbt.ref("health_bands").df().itertuples():
        bands.setdefault(rule.health_model, {})[rule.band] = rule.min_score
    return backtest(
        rows,
        sorted(bands),
        primary=dbt.config.get("primary_health_model"),
        bands=bands,
        horizons=dbt.config.get("horizons"),
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
