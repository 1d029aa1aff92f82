with days as (
    select * from {{ ref('int_metric_days') }}
),

loops as (
    select
        *,
        cast(opened_at as date) as opened_date,
        cast(due_at as date) as due_date,
        cast(followed_up_at as date) as followed_date,
        cast(hours_to_follow_up as decimal(19, 6)) as hours
    from {{ ref('int_feedback_loops') }}
),

-- What was seen by the end of the period: a later follow-up changes no past period.
due as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        loops.household_id,
        loops.is_observable or coalesce(loops.followed_date <= days.end_day, false) as is_seen,
        coalesce(loops.followed_up_at <= loops.due_at, false) as is_on_time
    from loops
    inner join days on loops.due_date = days.date_day
    where loops.origin = 'nps' and loops.kind = 'resolution' and loops.due_at < {{ as_of_end() }}
),

opened as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        loops.household_id,
        case when loops.followed_date <= days.end_day then loops.hours end as hours
    from loops
    inner join days on loops.opened_date = days.date_day
),

{%- set period = 'period_grain, period_start, period_end, start_day, household_id' %}

summed as (
    select
        {{ period }},
        count(*) filter (where is_seen) as detractor_loops_due,
        count(*) filter (where is_seen and is_on_time) as detractor_loops_on_time,
        count(*) filter (where not is_seen) as detractor_loops_unseen,
        0 as loops_closed,
        0 as loops_not_closed,
        cast(0 as decimal(38, 6)) as hours_to_close,
        cast(0 as decimal(38, 12)) as hours_to_close_squared
    from due
    group by {{ period }}
    union all
    select {{ period }}, 0, 0, 0, count(hours), count(*) - count(hours), coalesce(sum(hours), 0), coalesce(sum(hours * hours), 0)
    from opened
    group by {{ period }}
),

counted as (
    select
        {{ period }},
        {%- for column in [
            'detractor_loops_due', 'detractor_loops_on_time', 'detractor_loops_unseen', 'loops_closed', 'loops_not_closed'
        ] %}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        sum(hours_to_close) as hours_to_close,
        sum(hours_to_close_squared) as hours_to_close_squared
    from summed
    group by {{ period }}
)

select counted.* exclude (start_day), states.plan_type, states.region
from counted
left join {{ ref('int_metric_household_states') }} as states
    on counted.household_id = states.household_id and counted.start_day = states.state_day
