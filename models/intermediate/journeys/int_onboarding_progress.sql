-- The progress of each start of a program on the days on which it changes.
with starts as (
    select * from {{ ref('int_onboarding_starts') }}
),

required as (
    select household_id, program, started_on, completed_on
    from {{ ref('int_onboarding_steps') }}
    where is_required
),

counted as (
    select household_id, program, started_on, count(*) as steps from required group by household_id, program, started_on
),

step_days as (
    select household_id, program, started_on, completed_on as day, count(*) as steps_done
    from required
    where completed_on is not null
    group by household_id, program, started_on, completed_on
    union all
    select household_id, program, started_on, started_on, 0 from counted
),

by_steps as (
    select
        household_id,
        program,
        started_on,
        day,
        sum(sum(steps_done)) over (
            partition by household_id, program, started_on
            order by day
            rows between unbounded preceding and current row
        ) as steps_done
    from step_days
    group by household_id, program, started_on, day
),

by_score as (
    select
        starts.household_id,
        starts.program,
        starts.started_on,
        days.day,
        max(days.premium_adoption) over (
            partition by starts.household_id, starts.program, starts.started_on
            order by days.day
            rows between unbounded preceding and current row
        ) / starts.completion_score as share
    from starts
    inner join {{ ref('int_onboarding_premium_days') }} as days
        on starts.household_id = days.household_id and starts.started_on = days.started_on
    where starts.completion_score is not null
)

select
    by_steps.household_id,
    by_steps.program,
    by_steps.started_on,
    by_steps.day,
    {{ safe_ratio('by_steps.steps_done', 'counted.steps') }} as progress
from by_steps
inner join counted using (household_id, program, started_on)
union all
select household_id, program, started_on, day, least(1, cast(share as double))
from by_score
where share is not null
