with households as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

in_force as (
    select household_id, valid_from, valid_until, is_paying from {{ ref('int_subscription_periods') }} where is_in_force
),

silences as (
    {% if activity_is_known() -%}
    -- The day of signup counts as an active day; there is no activity before it.
    select
        households.household_id,
        greatest(coalesce(gaps.last_active_date, households.signup_date), households.signup_date) as last_active_on,
        last_active_on + {{ var('churn_inactivity_days') }} as silent_from,
        gaps.active_again_on as silent_until
    from households
    left join {{ ref('int_activity_gaps') }} as gaps on households.household_id = gaps.household_id
    where silent_from < coalesce(gaps.active_again_on, {{ as_of_date() }} + 1)
    {%- else -%}
    -- Where inactivity is unknown, the end of a paid subscription alone makes a churn.
    select household_id, cast(null as date) as last_active_on, min(valid_until) as silent_from, cast(null as date) as silent_until
    from in_force
    where is_paying and valid_until is not null
    group by household_id
    {%- endif %}
),

changes as (
    select household_id, silent_from as day, 1 as silent, 0 as in_force, 0 as closed from silences
    union all
    select household_id, silent_until, -1, 0, 0 from silences where silent_until is not null
    union all
    select household_id, valid_from, 0, 1, 0 from in_force
    union all
    select household_id, valid_until, 0, -1, 0 from in_force where valid_until is not null
    union all
    select household_id, closed_date, 0, 0, 1 from households where closed_date is not null
),

-- Changes of one day are peers in the window, so each of them has the state at the end of the day.
states as (
    select
        household_id,
        day,
        sum(closed) over running > 0 or (sum(silent) over running > 0 and sum(in_force) over running = 0) as is_churned
    from changes
    where day <= {{ as_of_date() }}
    window running as (partition by household_id order by day)
),

state_changes as (
    select household_id, day, is_churned
    from states
    qualify is_churned is distinct from coalesce(lag(is_churned) over (partition by household_id order by day), false)
),

spells as (
    select *, lead(day) over (partition by household_id order by day) as reactivated_at from state_changes
)

-- A household that closes on the day of signup was never a customer and therefore has no churn.
select
    spells.household_id,
    row_number() over (partition by spells.household_id order by spells.day) as churn_number,
    spells.day as churned_at,
    spells.reactivated_at,
    silences.last_active_on as last_active_date
from spells
inner join households on spells.household_id = households.household_id
left join silences
    on
        spells.household_id = silences.household_id
        and spells.day >= silences.silent_from
        and spells.day < {{ open_end('silences.silent_until') }}
where spells.is_churned and spells.day > households.signup_date
