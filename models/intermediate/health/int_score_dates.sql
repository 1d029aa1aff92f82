{{ config(materialized='table') }}

-- Sundays before the published history are scored as well, because changes in its first rows need them.
with days as (
    select date_day, is_score_date
    from {{ ref('dim_dates') }}
    where
        is_score_date
        or (
            date_day = week_end
            and date_day > {{ history_start('scored') }}
        )
),

sundays as (
    select date_day from days where dayofweek(date_day) = 0
)

select
    days.date_day as score_date,
    days.date_day = {{ as_of_date() }} as is_current,
    max(sundays.date_day) as previous_score_date,
    max(sundays.date_day) filter (where sundays.date_day <= days.date_day - {{ var('health_trend_days') }})
        as trend_score_date
from days
left join sundays on days.date_day > sundays.date_day
group by days.date_day
