from customer_success.churn import Settings, bands_of, run
from customer_success.memory import make_room
from customer_success.packed import pack, unpack


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="replace_all", on_schema_change="fail")
    make_room(session, dbt.config.get("memory_limit"))
    settings = Settings(
        seed=dbt.config.get("seed"),
        label_delay_days=dbt.config.get("label_delay_days"),
        least_change=dbt.config.get("least_change"),
    )
    before = f"select * from {dbt.this} where output <> 'predictions'"
    tables = run(
        dbt.ref("int_churn_snapshots").to_arrow_table(),
        dbt.ref("int_churn_customers").to_arrow_table(),
        bands_of(dbt.ref("churn_probability_bands").df()),
        settings,
        unpack(session.sql(before).to_arrow_table()) if dbt.is_incremental else None,
        dbt.ref("int_churn_customers_before").to_arrow_table(),
    )
    return pack(tables)
