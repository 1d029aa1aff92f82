-- Each start of paying for Premium with the day on which paying stopped, and the day from which uses count.
with periods as (
    select household_id, valid_from, is_paying from {{ ref('int_household_plan_periods') }}
),

starts as (
    select starts.household_id, starts.started_on, min(periods.valid_from) as ended_on
    from {{ ref('int_onboarding_starts') }} as starts
    left join periods
        on
            starts.household_id = periods.household_id
            and periods.valid_from > starts.started_on
            and not periods.is_paying
    where starts.completion_score is not null
    group by starts.household_id, starts.started_on
),

levels as (
    select household_id, level_from from {{ ref('int_plan_levels') }} where level_rank = 1
)

-- Uses count from the day on which the household reached the plan, which may be that of a trial.
select starts.household_id, starts.started_on, starts.ended_on, levels.level_from
from starts
asof inner join levels on starts.household_id = levels.household_id and starts.started_on >= levels.level_from
