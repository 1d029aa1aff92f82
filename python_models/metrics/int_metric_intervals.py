from customer_success.memory import make_room
from customer_success.metrics.intervals import metric_intervals

KEYS = "period_grain, period_start, period_end, household_id, plan_type, region"


def model(dbt, session):
    dbt.config(materialized="table")
    make_room(session, dbt.config.get("memory_limit"))
    starts = f"{KEYS}, mrr_at_start, mrr_kept, mrr_of_payers_at_end, mrr_lost"
    ends = f"{KEYS}, mrr_at_end, mrr_expansion"
    families = {
        "int_metric_starts": dbt.ref("int_metric_starts")
        .filter("mrr_at_start is not null")
        .project(starts)
        .to_arrow_table(),
        "int_metric_ends": dbt.ref("int_metric_ends")
        .filter("mrr_expansion is not null")
        .project(ends)
        .to_arrow_table(),
    }
    return metric_intervals(
        dbt.ref("int_metric_components").df(),
        dbt.ref("int_metric_definitions").df(),
        families,
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
