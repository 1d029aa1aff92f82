from customer_success.journeys import assign


def model(dbt, session):
    dbt.config(materialized="table")
    demand = dbt.ref("int_csm_demand")
    waiting = demand.filter("assignment_order is not null").order("assignment_order")
    return assign(waiting.df(), dbt.ref("int_csm_supply").df())
