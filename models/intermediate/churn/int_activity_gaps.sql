with households as (
    select household_id, signup_date from {{ ref('int_household_signups') }}
),

-- Does not use fct_household_daily, which waits for sessions and tasks; churn does not depend on them.
active_days as (
    select distinct household_id, activity_date from {{ ref('fct_household_activity') }}
),

daily as (
    select
        *,
        lag(activity_date) over (partition by household_id order by activity_date) as previous_activity_date
    from active_days
),

last_days as (
    select household_id, max(activity_date) as activity_date from daily group by household_id
),

-- The day of signup counts as an active day; there is no activity before it.
gaps as (
    select
        households.household_id,
        greatest(coalesce(daily.previous_activity_date, households.signup_date), households.signup_date) as last_active_date,
        daily.activity_date as active_again_on
    from daily
    inner join households on daily.household_id = households.household_id
    where daily.activity_date > households.signup_date
    union all
    select
        households.household_id,
        greatest(coalesce(last_days.activity_date, households.signup_date), households.signup_date),
        null
    from households
    left join last_days on households.household_id = last_days.household_id
)

select
    household_id,
    last_active_date,
    last_active_date + {{ var('churn_inactivity_days') }} as silent_from,
    active_again_on as silent_until
from gaps
where
    last_active_date + {{ var('churn_inactivity_days') }} < coalesce(active_again_on, {{ as_of_date() }} + 1)
    -- Without events or members, inactivity is unknown and no household churns by it.
    and {{ source_is_present('product', 'events') | lower }}
    and {{ source_is_present('app', 'household_members') | lower }}
