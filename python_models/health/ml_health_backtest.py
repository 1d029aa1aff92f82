from customer_success.health.backtest import backtest


def model(dbt, session):
    dbt.config(materialized="table")
    rows = dbt.ref("int_health_outcomes").to_arrow_table()
    rules = dbt.ref("health_bands").df()
    models = sorted(rules["health_model"].unique())
    bands = {name: dict(zip(of["band"], of["min_score"], strict=True)) for name, of in rules.groupby("health_model")}
    return backtest(
        rows,
        models,
        primary=dbt.config.get("primary_health_model"),
        bands=bands,
        horizons=dbt.config.get("horizons"),
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
