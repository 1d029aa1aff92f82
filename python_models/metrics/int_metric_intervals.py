from customer_success.code_hash import code_hash
from customer_success.memory import make_room
from customer_success.metrics.intervals import HOUSEHOLD, metric_intervals


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="replace_all", on_schema_change="fail")
    make_room(session, dbt.config.get("memory_limit"))
    tables = {
        "int_metric_starts": dbt.ref("int_metric_starts"),
        "int_metric_ends": dbt.ref("int_metric_ends"),
    }

    def households(table, amounts, periods):
        known = tables[table].filter(" and ".join(f"{amount} is not null" for amount in amounts))
        wanted = known.join(session.from_df(periods), "period_grain, period_start", how="semi")
        return wanted.project(", ".join([*HOUSEHOLD, *amounts])).to_arrow_table()

    fingerprints = dbt.ref("int_metric_fingerprints").df()
    fingerprints["fingerprint"] += f"-{code_hash('metrics', 'statistics')}"
    return metric_intervals(
        dbt.ref("int_metric_components").df(),
        dbt.ref("int_metric_definitions").df(),
        fingerprints,
        households,
        session.sql(f"select * from {dbt.this}").df() if dbt.is_incremental else None,
        replicates=dbt.config.get("replicates"),
        seed=dbt.config.get("seed"),
    )
