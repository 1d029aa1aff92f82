with periods as (
    select * from {{ ref('int_metric_periods') }}
),

days as (
    select
        period_grain,
        period_start,
        period_end,
        start_day,
        end_day,
        period_start + cast(unnest(range(period_days)) as integer) as date_day
    from periods
)

-- Days between which no period begins or ends lie in the same periods: one stretch, summed once for all of them.
select
    *,
    max(period_start) over (partition by date_day) as stretch_start
from days
