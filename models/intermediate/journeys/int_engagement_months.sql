-- The last 13 complete months, the present one, and the one before them all, with which the first is compared.
with months as (
    select distinct month_start, cast({{ dbt.last_day('month_start', 'month') }} as date) as month_end
    from {{ ref('dim_dates') }}
),

ranked as (
    select
        *,
        month_end <= {{ as_of_date() }} as is_complete,
        count(*) filter (where month_end <= {{ as_of_date() }}) over (
            order by month_start desc rows between unbounded preceding and current row
        ) as complete_months
    from months
)

select
    month_start,
    least(month_end, {{ as_of_date() }}) as month_end,
    is_complete,
    complete_months <= {{ var('engagement_months') }} as is_shown
from ranked
where complete_months <= {{ var('engagement_months') }} + 1
