-- Each start of an onboarding program by a household.
with households as (
    select household_id, signup_date from {{ ref('int_household_signups') }} where closed_date is distinct from signup_date
),

programs as (
    select * exclude (reason) from {{ ref('onboarding_programs') }}
),

periods as (
    select
        household_id,
        valid_from,
        valid_until,
        plan_type,
        is_paying,
        lag(is_paying) over (partition by household_id order by valid_from) as was_paying
    from {{ ref('int_household_plan_periods') }}
),

at_signup as (
    select households.household_id, households.signup_date, periods.plan_type
    from households
    left join periods
        on
            households.household_id = periods.household_id
            and periods.valid_from <= households.signup_date
            and {{ open_end('periods.valid_until') }} > households.signup_date
),

starts as (
    -- A plan that is not known to have a program of its own does not exclude a household from the one that all begin with.
    select at_signup.household_id, at_signup.signup_date as started_on, programs.program
    from at_signup
    inner join programs on programs.begins_with = 'signup'
    where
        at_signup.plan_type is null
        or at_signup.plan_type not in (select plan_type from programs where begins_with = 'first_day')
    union all
    select periods.household_id, min(periods.valid_from), programs.program
    from periods
    inner join programs on programs.begins_with = 'first_day' and periods.plan_type = programs.plan_type
    group by periods.household_id, programs.program
    union all
    -- From paying for a higher plan to paying for this one is no new start.
    select periods.household_id, periods.valid_from, programs.program
    from periods
    inner join programs on programs.begins_with = 'paying' and periods.plan_type = programs.plan_type
    where periods.is_paying and not coalesce(periods.was_paying, false)
)

select starts.household_id, starts.started_on, programs.*
from starts
inner join households on starts.household_id = households.household_id
inner join programs on starts.program = programs.program
