-- Every day of the sampled households since signup: its known facts, and whether it is churned.
create temp table household_days as
with days as (
    select
        household_id,
        signup_date,
        closed_date,
        cast(unnest(generate_series(cast(signup_date as timestamp), as_of(), interval 1 day)) as date) as day
    from sampled_households
),

active as (
    select distinct d.household_id, d.day
    from member_days as d
    inner join staging.stg_app__household_members as m
        on
            d.household_id = m.household_id
            and d.user_id = m.user_id
            and m.joined_date <= d.day
            and (m.left_date is null or m.left_date > d.day)
),

billed as (
    select
        d.household_id,
        d.day,
        bool_or(statuses.is_in_force) as is_in_force,
        bool_or(statuses.is_in_force and statuses.is_paying) as is_paying
    from days as d
    inner join subscription_days as v
        on d.household_id = v.household_id and v.valid_from <= d.day and v.valid_until > d.day
    inner join rules.subscription_statuses as statuses using (status)
    group by all
),

states as (
    select
        d.*,
        max(coalesce(a.day, d.signup_date)) over (
            partition by d.household_id
            order by d.day
            rows between unbounded preceding and current row
        ) as last_active,
        coalesce(d.day >= d.closed_date, false) as is_closed,
        coalesce(b.is_in_force, false) as is_in_force,
        coalesce(b.is_paying, false) as is_paying
    from days as d
    left join active as a using (household_id, day)
    left join billed as b using (household_id, day)
)

select
    household_id,
    signup_date,
    closed_date,
    day,
    last_active,
    is_paying and not is_closed as is_paying,
    coalesce(closed_date <= signup_date, false) as closed_on_signup,
    -- Without any events silence is unknown.
    is_closed or (day - last_active >= int_var('churn_inactivity_days') and not is_in_force and exists (select 1 from member_days)) as is_churned
from states
