{%- set activity_is_known = source_is_present('product', 'events') and source_is_present('app', 'household_members') -%}
with households as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

changes as (
    {% if activity_is_known -%}
    select household_id, silent_from as day, 1 as silent, 0 as in_force, 0 as closed from {{ ref('int_activity_gaps') }}
    union all
    select household_id, silent_until, -1, 0, 0 from {{ ref('int_activity_gaps') }} where silent_until is not null
    {%- else -%}
    -- Where inactivity is unknown, the end of a paid subscription alone makes a churn.
    select household_id, min(valid_until) as day, 1 as silent, 0 as in_force, 0 as closed
    from {{ ref('int_household_plan_periods') }}
    where is_paying and valid_until is not null
    group by household_id
    {%- endif %}
    union all
    select household_id, valid_from, 0, 1, 0 from {{ ref('int_household_plan_periods') }} where is_in_force
    union all
    select household_id, valid_until, 0, -1, 0
    from {{ ref('int_household_plan_periods') }}
    where is_in_force and valid_until is not null
    union all
    select household_id, closed_date, 0, 0, 1 from households where closed_date is not null
),

days as (
    select household_id, day, sum(silent) as silent, sum(in_force) as in_force, sum(closed) as closed
    from changes
    where day <= {{ as_of_date() }}
    group by household_id, day
),

states as (
    select
        household_id,
        day,
        sum(closed) over running > 0 or (sum(silent) over running > 0 and sum(in_force) over running = 0) as is_churned
    from days
    window running as (partition by household_id order by day)
),

state_changes as (
    select household_id, day, is_churned
    from states
    qualify is_churned is distinct from coalesce(lag(is_churned) over (partition by household_id order by day), false)
),

spells as (
    select
        household_id,
        day as churned_at,
        is_churned,
        lead(day) over (partition by household_id order by day) as reactivated_at
    from state_changes
)

-- A household that closes on the day of signup was never a customer and therefore has no churn.
select
    spells.household_id,
    row_number() over (partition by spells.household_id order by spells.churned_at) as churn_number,
    spells.churned_at,
    spells.reactivated_at
from spells
inner join households on spells.household_id = households.household_id
where spells.is_churned and spells.churned_at > households.signup_date
