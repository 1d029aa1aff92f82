from customer_success.voice import theme_changes


def model(dbt, session):
    dbt.config(materialized="table")
    return theme_changes(dbt.ref("int_theme_windows").df())
