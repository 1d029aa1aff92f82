"""Whether a metric's value may be published: its sources' loads, its status; and outcomes of predictions.

Load times of base models are compared with raw by the proof of staging.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from customer_success.recount.reading.contract import REFERRED_TO, TABLES
from customer_success.recount.reconciled import AMOUNTS, LOSSES

from .held import Held
from .repeated import CELL
from .summed import Build

RECONCILED = ("source", "entity", "measure")
# Marts with one row per row of a raw table.
SAME_GRAIN = {
    "app.households": "dim_households",
    "app.household_members": "dim_members",
    "product.events": "fct_events",
    "zendesk.ticket": "fct_support_tickets",
    "survey.invitation": "fct_survey_invitations",
    "hubspot.owner": "dim_csms",
    "stripe.charge": "fct_payments",
}


def standing(build: Build, variables: Mapping[str, object]) -> Iterator[Held]:
    """Return what the marts of this module must have."""
    yield _reconciled(str(variables["reporting_currency"]).lower())
    yield _discrepancies()
    yield _data_through(build)
    yield _statuses(build, variables)


def _reconciled(currency: str) -> Held:
    """Rows and amounts that are staged, and those of the mart of the same grain."""
    measures = [(table.name, "rows", "count(*)") for table in TABLES]
    measures += [(name, column, f"sum({column})") for name, column in AMOUNTS.items()]
    selects = []
    for name, measure, count in measures:
        source, entity = name.split(".")
        mart = SAME_GRAIN.get(name) if measure == "rows" or name == "stripe.charge" else None
        # Amounts of other currencies are converted, and so differ from raw.
        where = "true" if measure == "rows" else f"currency = '{currency}'"
        alive = " and not is_deleted" if name in REFERRED_TO else ""
        shown = f"(select coalesce({count}, 0) from analytics.{mart} where {where})" if mart else "null"
        selects.append(
            f"select '{source}' as source, '{entity}' as entity, '{measure}' as measure, coalesce({count}, 0)"
            f" as staged_value, {shown} as mart_value from staging.stg_{name.replace('.', '__')}"
            f" where {where}{alive}"
        )
    return Held("fct_source_reconciliation", RECONCILED, " union all ".join(selects))


def _discrepancies() -> Held:
    """What is lost before staging and after it, from the counts of the row itself."""
    lost = "abs(raw_value - staged_value - " + " - ".join(LOSSES) + ")"
    return Held(
        "fct_source_reconciliation",
        RECONCILED,
        f"select source, entity, measure, {lost} + coalesce(abs(staged_value - mart_value), 0)"
        " as discrepancy, if(discrepancy = 0, 'reconciled', 'unreconciled') as status"
        " from (select * exclude (discrepancy, status) from analytics.fct_source_reconciliation)",
    )


def loads(build: Build) -> str:
    """Return a query of (source, loaded_at): the latest load of each source over all of its tables."""
    loaded = " union all ".join(
        f"select '{table.name.split('.')[0]}' as source, max(_fivetran_synced) as loaded_at"
        f" from staging.base_{table.name.replace('.', '__')}"
        for table in TABLES
        if not table.name.startswith("meta.")
    )
    return f"select source, max(loaded_at) as loaded_at from ({loaded}) group by source"


def _sources() -> str:
    """Return a query of (metric, source): the sources of each metric."""
    return "select metric, unnest(string_split(source_of_truth, ', ')) as source from analytics.dim_metrics"


def _data_through(build: Build) -> Held:
    """The day until which the least fresh source of a metric has data."""
    return Held(
        "fct_metric_values",
        CELL,
        "with through as (select metric,"
        f" min(least(loaded_at::date, date '{build.as_of}')) filter (where loaded_at is not null)"
        f" as data_through from ({_sources()}) join ({loads(build)}) using (source)"
        " group by metric)"
        f" select {', '.join(CELL)}, through.data_through from analytics.fct_metric_values"
        " left join through using (metric)",
    )


def _reasons(build: Build, variables: Mapping[str, object]) -> str:
    """Return a query of what the sources of each metric say: stale, reconciled, and notes on both."""
    end = f"(date '{build.as_of}' + interval 1 day)"
    warn, stale = (f"age > {int(variables[f'freshness_{name}_hours'])}" for name in ("warn", "stale"))
    return f"""
        select metric, bool_or({stale}) as is_stale,
            bool_and(coalesce(is_reconciled, false)) as is_reconciled,
            string_agg(
                if(
                    age is null,
                    format('freshness of {{}} unknown: it does not say when it was loaded', source),
                    format(
                        '{{}} last loaded {{}} hours before the end of as_of_date',
                        source, round(age)::integer
                    )
                ),
                '; ' order by source
            ) filter (where age is null or {warn}) as load_note,
            string_agg(source || ' does not reconcile', '; ' order by source)
                filter (where is_reconciled is not true) as loss_note
        from ({_sources()})
        left join (
            select source, greatest(0, epoch({end} - loaded_at) / 3600) as age
            from ({loads(build)}) where loaded_at is not null
        ) using (source)
        left join (
            select source, bool_and(status = 'reconciled') as is_reconciled
            from analytics.fct_source_reconciliation group by source
        ) using (source)
        group by metric"""


def _statuses(build: Build, variables: Mapping[str, object]) -> Held:
    """Status and note of each value: every reason why it is not published, the first of which decides."""
    cell = ", ".join(CELL)
    return Held(
        "fct_metric_values",
        CELL,
        f"""
        with noted as (
            select {cell}, is_stale, sources.is_reconciled, load_note, loss_note,
                case
                    when shown.sample_size < min_sample
                    then format('sample of {{}} is below the minimum of {{}}', shown.sample_size, min_sample)
                    when shown.raw_value is null or shown.ci_low is null
                    then 'no interval: ' || coalesce(ci_reason, 'the value is unknown')
                end as sample_note,
                case
                    when period_end > date '{build.as_of}' then 'the period runs until ' || period_end
                    when pending_count > 0 then pending_count || ' members are not observed long enough yet'
                end as period_note
            from analytics.fct_metric_values as shown
            join analytics.dim_metrics using (metric)
            join ({_reasons(build, variables)}) as sources using (metric)
            left join intermediate.int_metric_components using ({cell})
            left join intermediate.int_metric_intervals using ({cell})
        )
        select {cell},
            case
                when sample_note is not null then 'insufficient_sample'
                when period_note is not null then 'incomplete_period'
                when is_stale then 'stale'
                when not is_reconciled then 'unreconciled'
                else 'publishable'
            end as status,
            nullif(concat_ws('; ', sample_note, period_note, load_note, loss_note), '') as status_reason
        from noted
        """,
    )


def outcomes(build: Build, variables: Mapping[str, object]) -> Held:
    """The published predictions of the ledger (attached as `ledger`), and what became of the households."""
    horizon, silent = int(variables["churn_horizon_days"]), build.rules.silent_days
    return Held(
        "ml_prediction_outcomes",
        ("household_id", "scored_as_of"),
        f"select household_id, scored_as_of, model_run_id, churn_probability,"
        f" scored_as_of + {horizon + silent} <= date '{build.as_of}' as outcome_known,"
        " if(outcome_known, exists (from analytics.fct_churn_events as spells"
        " where spells.household_id = predictions.household_id and churned_at > scored_as_of"
        f" and left_at <= scored_as_of + {horizon}), null) as churned_next_30d"
        " from ledger.ledger.published_predictions as predictions"
        f" where scored_as_of <= date '{build.as_of}'"
        " and household_id in (select household_id from staging.stg_app__households)",
    )
