-- Households of which a follow-up would leave a trace: a company in the CRM, or an organisation at the desk.
create table recount.observable as
select home
from recount.households
where
    household_id in (select household_id from raw_kept.hubspot__company)
    or household_id in (select external_id from raw_kept.zendesk__organization);

-- Published loops (counted from raw), by the period in which a detractor's one was due, or any was opened. A follow-up
-- counts once its day is over by the end of the period; its hours are counted in millionths.
create table recount.loops as
with moments as (
    select
        households.home,
        loops.origin = 'nps' and loops.kind = 'resolution' as is_detractor,
        cast(loops.opened_at as date) as opened_day,
        cast(loops.due_at as date) as due_day,
        cast(loops.followed_up_at as date) as followed_day,
        loops.followed_up_at <= loops.due_at as is_on_time,
        date_diff('microsecond', loops.opened_at, loops.followed_up_at) / 3600 as millionths,
        households.home in (from recount.observable) as is_observable
    from marts.fct_feedback_loops as loops
    inner join recount.households using (household_id)
),

due as (
    select
        period_days.period,
        moments.home,
        moments.is_observable or coalesce(moments.followed_day <= periods.end_day, false) as is_seen,
        moments.is_on_time
    from moments
    inner join recount.period_days
        on moments.due_day = period_days.day
    inner join recount.periods using (period)
    where moments.is_detractor
),

opened as (
    select
        period_days.period,
        moments.home,
        coalesce(moments.followed_day <= periods.end_day, false) as is_closed,
        moments.millionths
    from moments
    inner join recount.period_days
        on moments.opened_day = period_days.day
    inner join recount.periods using (period)
),

counted as (
    select
        period,
        home,
        count(*) filter (where is_seen) as due,
        count(*) filter (where is_seen and is_on_time) as on_time,
        count(*) filter (where not is_seen) as unseen,
        0 as closed,
        0 as not_closed,
        0 as hours
    from due
    group by 1, 2
    union all
    select
        period,
        home,
        0,
        0,
        0,
        count(*) filter (where is_closed),
        count(*) filter (where not is_closed),
        coalesce(sum(cast(round(millionths) as bigint)) filter (where is_closed), 0)
    from opened
    group by 1, 2
)

select period, home, sum(columns(* exclude (period, home)))
from counted
group by 1, 2;
