with days as (
    select date_day, week_start, week_end, month_start, quarter_start from {{ ref('dim_dates') }}
),

periods as (
    select distinct 'week' as period_grain, week_start as period_start, week_end as period_end from days
    union all
    select distinct 'month', month_start, cast({{ dbt.last_day('month_start', 'month') }} as date) from days
    union all
    select distinct 'quarter', quarter_start, cast({{ dbt.last_day('quarter_start', 'quarter') }} as date) from days
    union all
    select 'trailing_{{ var("trailing_days") }}', date_day - {{ var('trailing_days') - 1 }}, date_day
    from days
    where date_day = {{ as_of_date() }}
)

select
    period_grain,
    period_start,
    period_end,
    period_start - 1 as start_day,
    least(period_end, {{ as_of_date() }}) as end_day,
    least(period_end, {{ as_of_date() }}) - period_start + 1 as period_days,
    period_end <= {{ as_of_date() }} as is_complete
from periods
