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
        true as is_in_force,
        bool_or((v.is_paid or v.is_free_period) and d.day >= v.paused_until) as is_paying
    from days as d
    inner join subscription_states as v on d.household_id = v.household_id and v.from_day <= d.day and v.until_day > d.day
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
        coalesce(b.is_paying, false) as is_paying,
        max(coalesce(b.is_paying, false)) over (
            partition by d.household_id
            order by d.day
            rows between unbounded preceding and 1 preceding
        ) as has_paid
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
    -- Without any events silence is unknown, and the end of what was paid for is a churn.
    is_closed or (
        not is_in_force
        and if(exists (select 1 from member_days), day - last_active >= int_var('churn_inactivity_days'), coalesce(has_paid, false))
    ) as is_churned
from states
