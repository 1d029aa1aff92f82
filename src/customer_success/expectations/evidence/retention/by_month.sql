-- Cohorts by month of joining, on day $day; a cohort counts once that day is over for all of it.
with there as (
    select
        date_trunc('month', m.joined_date) as month,
        count(*) as members,
        count(*) filter (where exists (
            select 1
            from member_days as d
            where
                d.household_id = m.household_id
                and d.user_id = m.user_id
                and d.day = m.joined_date + $day
                and (m.left_date is null or m.left_date > d.day)
        )) as active
    from staging.stg_app__household_members as m
    group by 1
),

here as (
    select
        date_trunc('month', m.joined_at) as month,
        count(*) as members,
        count(*) filter (where exists (
            select 1
            from analytics.fct_household_activity as a
            where
                a.household_id = m.household_id
                and a.user_id = m.user_id
                and a.activity_date = cast(m.joined_at as date) + $day
                and (m.left_at is null or cast(m.left_at as date) > a.activity_date)
        )) as active
    from analytics.dim_members as m
    group by 1
)

select
    strftime(month, '%Y-%m') as item,
    here.active / here.members as observed,
    there.active / there.members as expected
from here
full join there using (month)
where last_day(month) + $day <= as_of()
