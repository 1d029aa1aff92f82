select
    metric,
    period_grain,
    period_start,
    period_end,
    segment_type,
    segment,
    status,
    status_reason,
    sample_size,
    as_of_date
from {{ ref('fct_metric_values') }}
where status <> 'publishable'
