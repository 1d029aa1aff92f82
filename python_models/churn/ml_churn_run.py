from customer_success.churn import Settings, bands_of, run
from customer_success.memory import make_room
from customer_success.packed import pack


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    settings = Settings(seed=dbt.config.get("seed"), label_delay_days=dbt.config.get("label_delay_days"))
    tables = run(
        dbt.ref("int_churn_snapshots").to_arrow_table(),
        dbt.ref("int_churn_customers").to_arrow_table(),
        bands_of(dbt.ref("churn_probability_bands").df()),
        settings,
    )
    return pack(tables)
