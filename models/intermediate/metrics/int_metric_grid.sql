with definitions as (
    select * from {{ ref('dim_metrics') }}
),

periods as (
    select period_grain, period_start, period_end, is_complete from {{ ref('int_metric_periods') }}
),

segments as (
    select 'all' as segment_type, 'all' as segment
    union
    select 'plan_type', plan_type from {{ ref('plans') }}
    union
    select 'region', coalesce(region, 'unknown') from {{ ref('stg_app__households') }}
    union
    select segment_type, segment from {{ ref('int_metric_components') }}
)

select
    definitions.metric,
    periods.period_grain,
    periods.period_start,
    periods.period_end,
    periods.is_complete,
    segments.segment_type,
    segments.segment,
    definitions.min_sample,
    definitions.ci_method,
    definitions.version as definition_version,
    definitions.definition_hash
from definitions
cross join periods
cross join segments
