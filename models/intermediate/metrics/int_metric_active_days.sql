-- depends_on: {{ ref('stg_app__households') }}
{{ config(materialized='incremental', meta={'date_column': 'period_end'}) }}

with periods as (
    select * from {{ ref('int_metric_periods') }} where period_end >= {{ first_day() }}
),

days as (
    select * from {{ ref('int_metric_days') }} where period_end >= {{ first_day() }}
),

-- For each active day of a member: the number of days, from this day on, for which it is the latest active day in the window.
spans as (
    select
        household_id,
        activity_date,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, user_id order by activity_date
        ) - activity_date as days_to_next
    from {{ ref('int_member_days') }}
    where activity_date > (select min(start_day) - 27 from periods)
),

active_days_in_windows as (
    select
        household_id,
        activity_date,
        cast(unnest(range(least(days_to_next, 28))) as integer) as days_ago
    from spans
),

daily as (
    select
        household_id,
        activity_date + days_ago as date_day,
        count(*) filter (where days_ago < 1) as active_members,
        count(*) filter (where days_ago < 7) as active_members_7,
        count(*) as active_members_28
    from active_days_in_windows
    group by household_id, activity_date + days_ago
),

stretches as (
    select
        {%- for suffix in ['', '_7', '_28'] %}
        sum(daily.active_members{{ suffix }}) as active_member_days{{ suffix }},
        {%- endfor %}
        daily.household_id,
        stretch_days.stretch_start
    from daily
    inner join (select distinct date_day, stretch_start from days) as stretch_days on daily.date_day = stretch_days.date_day
    group by daily.household_id, stretch_days.stretch_start
)

select
    {%- for suffix in ['', '_7', '_28'] %}
    cast(sum(stretches.active_member_days{{ suffix }}) as bigint) as active_member_days{{ suffix }},
    {%- endfor %}
    in_period.period_grain,
    in_period.period_start,
    in_period.period_end,
    stretches.household_id
from stretches
inner join (select distinct period_grain, period_start, period_end, stretch_start from days) as in_period
    on stretches.stretch_start = in_period.stretch_start
group by in_period.period_grain, in_period.period_start, in_period.period_end, stretches.household_id
order by in_period.period_end
