with metric_sources as (
    select metric, unnest(string_split(source_of_truth, ', ')) as source from {{ ref('dim_metrics') }}
),

freshness as (
    select * from {{ ref('int_source_freshness') }}
),

reconciliation as (
    select source, bool_and(status = 'reconciled') as is_reconciled
    from {{ ref('fct_source_reconciliation') }}
    group by source
),

joined as (
    select
        metric_sources.metric,
        metric_sources.source,
        freshness.data_through,
        freshness.age_hours,
        coalesce(freshness.freshness, 'unknown') as freshness,
        coalesce(reconciliation.is_reconciled, false) as is_reconciled
    from metric_sources
    left join freshness on metric_sources.source = freshness.source
    left join reconciliation on metric_sources.source = reconciliation.source
)

select
    metric,
    min(data_through) as data_through,
    bool_or(freshness = 'stale') as is_stale,
    bool_and(is_reconciled) as is_reconciled,
    string_agg(
        case
            when freshness = 'unknown' then 'freshness of ' || source || ' unknown: it does not say when it was loaded'
            else source || ' last loaded ' || cast(round(age_hours) as integer) || ' hours before the end of as_of_date'
        end,
        '; ' order by source
    ) filter (where freshness <> 'fresh') as freshness_note,
    string_agg(source || ' does not reconcile', '; ' order by source) filter (where not is_reconciled) as reconciliation_note
from joined
group by metric
