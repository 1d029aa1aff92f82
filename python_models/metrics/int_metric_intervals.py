from customer_success.metrics.intervals import metric_intervals


def model(dbt, session):
    dbt.config(materialized="table")
    families = {
        "int_metric_activity": dbt.ref("int_metric_activity").df(),
        "int_metric_ends": dbt.ref("int_metric_ends").df(),
        "int_metric_starts": dbt.ref("int_metric_starts").df(),
    }
    return metric_intervals(
        dbt.ref("int_metric_components").df(),
        dbt.ref("int_metric_definitions").df(),
        families,
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
