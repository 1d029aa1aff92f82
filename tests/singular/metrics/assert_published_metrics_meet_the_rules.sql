-- Checks sample, period, interval and sources of each published value again, from the underlying tables.
with published as (
    select * from {{ ref('published_metrics') }}
),

definitions as (
    select metric, min_sample, unnest(string_split(source_of_truth, ', ')) as source from {{ ref('dim_metrics') }}
),

freshness as (
    select source, age_hours from {{ ref('int_source_freshness') }}
),

reconciliation as (
    select source, sum(abs(discrepancy)) as discrepancy
    from {{ ref('fct_source_reconciliation') }}
    group by source
)

select published.*
from published
inner join definitions on published.metric = definitions.metric
left join freshness on definitions.source = freshness.source
left join reconciliation on definitions.source = reconciliation.source
where
    published.sample_size < definitions.min_sample
    or published.period_end > {{ as_of_date() }}
    or published.value is null
    or published.ci_low is null
    or freshness.age_hours > {{ var('freshness_stale_hours') }}
    or reconciliation.discrepancy is distinct from 0
