from customer_success.journeys import lifecycle_table, thresholds_of
from customer_success.memory import make_room


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    rows = dbt.ref("int_lifecycle_inputs")
    dates = dbt.ref("int_lifecycle_dates")
    signups = dbt.ref("int_household_signups")
    first = dates.filter("is_first_of_history").select("score_date").fetchone()
    return lifecycle_table(
        [day for (day,) in dates.order("score_date").select("score_date").fetchall()],
        lambda day: rows.filter(f"score_date = date '{day}'").to_arrow_table(),
        signups.count("*").fetchone()[0],
        thresholds_of(dbt.ref("lifecycle_thresholds").df()),
        first_of_history=first and first[0],
    )
