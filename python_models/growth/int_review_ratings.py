from customer_success.growth import rating_intervals


def model(dbt, session):
    dbt.config(materialized="table")
    return rating_intervals(dbt.ref("stg_cs__reviews").df())
