-- Reads what fct_onboarding reads, so that no metric waits for the milestones.
with days as (
    select * from {{ ref('int_metric_days') }}
),

states as (
    select * from {{ ref('int_metric_household_states') }}
),

progress as (
    select household_id, program, started_on, min(day) filter (where progress >= 1) as completed_on
    from {{ ref('int_onboarding_progress') }}
    group by household_id, program, started_on
),

first_values as (
    select household_id, program, started_on, max(completed_on) as first_value_on
    from {{ ref('int_onboarding_steps') }}
    where is_first_value and is_known
    group by household_id, program, started_on
),

-- Starts of the program that all begin with, in the period in which they fell.
starts as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.end_day,
        household_id,
        starts.started_on + starts.length_days <= {{ as_of_date() }} as is_length_over,
        starts.started_on + {{ var('first_value_days') }} <= {{ as_of_date() }} as are_first_days_over,
        progress.started_on is not null as is_measured,
        first_values.started_on is not null as is_value_measured,
        coalesce(progress.completed_on <= starts.started_on + starts.length_days, false) as is_in_time,
        coalesce(first_values.first_value_on <= starts.started_on + {{ var('first_value_days') }}, false) as has_early_value
    from {{ ref('int_onboarding_starts') }} as starts
    inner join days on starts.started_on = days.date_day
    left join progress using (household_id, program, started_on)
    left join first_values using (household_id, program, started_on)
    where starts.begins_with = 'signup'
)

select
    starts.period_grain,
    starts.period_start,
    starts.period_end,
    starts.household_id,
    states.plan_type,
    states.region,
    cast(starts.is_length_over and starts.is_measured as integer) as onboardings_over,
    cast(starts.is_length_over and starts.is_in_time as integer) as onboardings_completed,
    cast(not starts.is_length_over as integer) as onboardings_pending,
    cast(not (starts.is_length_over and starts.is_measured) as integer) as onboardings_unknown,
    cast(starts.are_first_days_over and starts.is_value_measured as integer) as first_days_over,
    cast(starts.are_first_days_over and starts.has_early_value as integer) as early_first_values,
    cast(not starts.are_first_days_over as integer) as first_days_pending,
    cast(not (starts.are_first_days_over and starts.is_value_measured) as integer) as first_days_unknown
from starts
inner join states on starts.household_id = states.household_id and starts.end_day = states.state_day
