-- MRR at the end of a month, computed from household states, equals the closing MRR of the movements of that month.
with closings as (
    select month_start, sum(mrr_closing) as mrr_closing
    from {{ ref('fct_mrr_movements') }}
    group by month_start
)

select metric_values.period_start, metric_values.numerator, closings.mrr_closing
from {{ ref('fct_metric_values') }} as metric_values
full join closings on metric_values.period_start = closings.month_start
where
    metric_values.metric = 'mrr'
    and metric_values.period_grain = 'month'
    and metric_values.segment_type = 'all'
    and coalesce(metric_values.numerator, 0) <> coalesce(closings.mrr_closing, 0)
