from customer_success.voice import theme_intervals


def model(dbt, session):
    dbt.config(materialized="table")
    rows = dbt.ref("int_theme_households").df()
    return theme_intervals(rows, replicates=dbt.config.get("replicates"), seed=dbt.config.get("seed"))
