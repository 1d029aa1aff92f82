from customer_success.journeys import transition_rates
from customer_success.memory import make_room


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    return transition_rates(
        dbt.ref("int_journey_exposures").df(),
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
