-- Retention on day $day of the members who joined in each published period. Leavers stay in the denominator.
with periods as (
    select period_grain, period_start, period_end, value
    from analytics.published_metrics
    where metric = 'user_retention_d' || $day and segment_type = 'all'
),

there as (
    select
        p.period_grain,
        p.period_start,
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
    from periods as p
    inner join staging.stg_app__household_members as m on m.joined_date between p.period_start and p.period_end
    group by all
)

select
    period_grain || ' ' || period_start as item,
    periods.value as observed,
    there.active / there.members as expected
from periods
left join there using (period_grain, period_start)
