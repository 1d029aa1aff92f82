from customer_success.code_hash import code_hash
from customer_success.health.backtest import TYPES, backtest
from customer_success.memory import make_room


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="replace_all", on_schema_change="fail")
    (inputs,) = dbt.ref("int_health_backtest_fingerprint").fetchone()
    fingerprint = f"{inputs}-{code_hash('health', 'statistics')}"
    if dbt.is_incremental:
        before = session.sql(f"select * from {dbt.this} where fingerprint = '{fingerprint}'").to_arrow_table()
        if before.num_rows:
            return before
    make_room(session, dbt.config.get("memory_limit"))
    rows = dbt.ref("int_health_outcomes").to_arrow_table()
    bands = {}
    for rule in dbt.ref("health_bands").df().itertuples():
        bands.setdefault(rule.health_model, {})[rule.band] = rule.min_score
    measured = backtest(
        rows,
        sorted(bands),
        primary=dbt.config.get("primary_health_model"),
        bands=bands,
        horizons=dbt.config.get("horizons"),
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
    return measured.astype(TYPES).assign(fingerprint=fingerprint)
