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

-- Consecutive days that belong to the same set of periods form one stretch, which is summed once for all its periods.
select
    *,
    max(period_start) over (partition by date_day) as stretch_start
from days
