-- Each metric has a row for each period and segment, and each row is either published unchanged or withheld.
with metric_values as (
    select metric, period_grain, period_start, segment_type, segment, raw_value, status = 'publishable' as is_published
    from {{ ref('fct_metric_values') }}
),

shown as (
    select metric, period_grain, period_start, segment_type, segment, value, true as is_published
    from {{ ref('published_metrics') }}
    union all
    select metric, period_grain, period_start, segment_type, segment, null, false
    from {{ ref('withheld_metrics') }}
),

expected as (
    select metrics.metric, periods.period_grain, periods.period_start, segments.segment_type, segments.segment
    from {{ ref('dim_metrics') }} as metrics
    cross join {{ ref('int_metric_periods') }} as periods
    cross join (select distinct segment_type, segment from metric_values) as segments
)

select *
from expected
full join metric_values using (metric, period_grain, period_start, segment_type, segment)
full join shown using (metric, period_grain, period_start, segment_type, segment)
where
    metric_values.is_published is distinct from shown.is_published
    or (shown.is_published and shown.value is distinct from metric_values.raw_value)
    or metric_values.is_published is null
