with days as (
    select * from {{ ref('int_metric_days') }}
),

states as (
    select * from {{ ref('int_metric_household_states') }}
),

first_values_known as (
    select distinct program from {{ ref('int_onboarding_steps') }} where is_first_value and is_known
),

-- Starts of the program that all begin with, in the period in which they fell.
starts as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.end_day,
        onboarding.household_id,
        onboarding.started_on + programs.length_days <= days.end_day as is_length_over,
        onboarding.started_on + {{ var('first_value_days') }} <= days.end_day as are_first_days_over,
        onboarding.progress is not null as is_measured,
        first_values_known.program is not null as is_value_measured,
        coalesce(onboarding.completed_on <= onboarding.started_on + programs.length_days, false) as is_in_time,
        coalesce(onboarding.first_value_on <= onboarding.started_on + {{ var('first_value_days') }}, false) as has_early_value
    from {{ ref('fct_onboarding') }} as onboarding
    inner join {{ ref('onboarding_programs') }} as programs
        on onboarding.program = programs.program and programs.begins_with = 'signup'
    inner join days on onboarding.started_on = days.date_day
    left join first_values_known on onboarding.program = first_values_known.program
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
    cast(starts.is_length_over and not starts.is_measured as integer) as onboardings_unknown,
    cast(starts.are_first_days_over and starts.is_value_measured as integer) as first_days_over,
    cast(starts.are_first_days_over and starts.has_early_value as integer) as early_first_values,
    cast(not starts.are_first_days_over as integer) as first_days_pending,
    cast(starts.are_first_days_over and not starts.is_value_measured as integer) as first_days_unknown
from starts
inner join states on starts.household_id = states.household_id and starts.end_day = states.state_day
