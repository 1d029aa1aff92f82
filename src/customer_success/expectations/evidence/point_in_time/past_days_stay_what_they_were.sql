-- Days from the first one on to which events received since then
-- belong are excused, and so is its last day, whose sessions may go on. One that knew of later days than this build
-- has nothing to compare with.
with since as (
    select max(activity_date) as last_day from earlier_fct_household_daily
),

touched as (
    select coalesce(min(event_date), date '9999-12-31') as first_day
    from staging.stg_product__events, since
    where received_at >= last_day + 1 and event_date <= last_day
),

both_builds as (
    select 'before' as build, activity_date, household_id, active_members, events, sessions, tasks_completed
    from earlier_fct_household_daily
    union all
    select 'now', activity_date, household_id, active_members, events, sessions, tasks_completed
    from analytics.fct_household_daily
),

days as (
    select
        activity_date,
        sum(hash(household_id, active_members, events, sessions, tasks_completed)) filter (where build = 'before') as before,
        sum(hash(household_id, active_members, events, sessions, tasks_completed)) filter (where build = 'now') as now
    from both_builds, since
    where last_day <= as_of() and activity_date between last_day - $days + 1 and last_day
    group by activity_date
)

select
    strftime(activity_date, '%Y-%m-%d') as item,
    cast(before as varchar) as before,
    cast(now as varchar) as now,
    activity_date >= first_day or activity_date = last_day as touched
from days, since, touched
