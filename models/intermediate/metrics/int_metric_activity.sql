with days as (
    select * from {{ ref('int_metric_days') }}
),

periods as (
    select * from {{ ref('int_metric_periods') }}
),

-- For each day of a member: on how many days, this one first, it is the latest within a window.
spans as (
    select
        household_id,
        activity_date,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, user_id order by activity_date
        ) - activity_date as days_to_next
    from {{ ref('int_member_days') }}
),

seen as (
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
    from seen
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
),

summed as (
    select
        {%- for suffix in ['', '_7', '_28'] %}
        cast(sum(stretches.active_member_days{{ suffix }}) as bigint) as active_member_days{{ suffix }},
        {%- endfor %}
        in_period.period_grain,
        in_period.period_start,
        stretches.household_id
    from stretches
    inner join (select distinct period_grain, period_start, stretch_start from days) as in_period
        on stretches.stretch_start = in_period.stretch_start
    group by in_period.period_grain, in_period.period_start, stretches.household_id
)

select
    {%- for suffix in ['', '_7', '_28'] %}
    summed.active_member_days{{ suffix }},
    summed.active_member_days{{ suffix }} * summed.active_member_days{{ suffix }}
        as active_member_days{{ suffix }}_squared,
    {%- endfor %}
    summed.active_member_days * summed.active_member_days_28 as active_member_days_times_28,
    periods.period_grain,
    periods.period_start,
    periods.period_end,
    summed.household_id,
    states.plan_type,
    states.region,
    periods.period_days,
    1 as active_households
from summed
inner join periods on summed.period_grain = periods.period_grain and summed.period_start = periods.period_start
inner join {{ ref('int_metric_household_states') }} as states
    on summed.household_id = states.household_id and periods.start_day = states.state_day
