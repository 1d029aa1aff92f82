from customer_success.memory import make_room
from customer_success.packed import pack
from customer_success.survival import SurvivalSettings, run


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    tables = run(
        dbt.ref("int_survival_households").to_arrow_table(),
        dbt.ref("int_survival_customers").to_arrow_table(),
        SurvivalSettings(seed=dbt.config.get("seed")),
    )
    return pack(tables)
