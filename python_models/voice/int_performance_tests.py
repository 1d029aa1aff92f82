from customer_success.voice import weekly_tests


def model(dbt, session):
    dbt.config(materialized="table")
    return weekly_tests(dbt.ref("int_performance_days").df(), weeks=dbt.config.get("weeks"))
