-- Each membership that began in a period, and whether its member was there exactly 7 and 30 days later.
create table recount.joined as
with active as (
    select distinct member, day
    from recount.events
),

returned as (
    select
        memberships.home,
        memberships.joined_day,
        memberships.joined_day + 7 <= build.as_of_date as is_known_7,
        memberships.joined_day + 30 <= build.as_of_date as is_known_30,
        after_7.member is not null as is_back_7,
        after_30.member is not null as is_back_30
    from recount.memberships
    cross join recount.build
    left join active as after_7
        on memberships.member = after_7.member and memberships.joined_day + 7 = after_7.day
    left join active as after_30
        on memberships.member = after_30.member and memberships.joined_day + 30 = after_30.day
)

select
    period_days.period,
    returned.home,
    count(*) filter (where is_known_7) as known_7,
    count(*) filter (where is_known_7 and is_back_7) as back_7,
    count(*) filter (where not is_known_7) as pending_7,
    count(*) filter (where is_known_30) as known_30,
    count(*) filter (where is_known_30 and is_back_30) as back_30,
    count(*) filter (where not is_known_30) as pending_30
from returned
inner join recount.period_days
    on returned.joined_day = period_days.day
group by 1, 2;

-- From an active day on a member is seen for 1, 7 and 28 days, or until the next active day, when it begins again.
-- A stretch lies within one week or is cut at its Mondays; in the same way with months and quarters.
create table recount.presence as
with days as (
    select
        home,
        day,
        coalesce(lead(day) over (partition by member order by day) - day, 28) as gap
    from (select distinct home, member, day from recount.events)
),

stretches as (
    select home, day, least(gap, 28) as days, count(*) as members
    from days
    group by 1, 2, 3
),

met as (
    select distinct stretches.day, stretches.days, period_days.period
    from (select distinct day, days from stretches) as stretches
    inner join recount.period_days
        on period_days.day between stretches.day and stretches.day + cast(stretches.days as integer) - 1
)

select
    met.period,
    stretches.home,
    sum(stretches.members * cast(stretches.day between periods.first_day and periods.end_day as integer)) as daily,
    sum(stretches.members * greatest(
        least(stretches.day + cast(least(stretches.days, 7) as integer), periods.end_day + 1)
        - greatest(stretches.day, periods.first_day), 0
    )) as weekly,
    sum(stretches.members * (
        least(stretches.day + cast(stretches.days as integer), periods.end_day + 1)
        - greatest(stretches.day, periods.first_day)
    )) as monthly,
    1 as homes
from stretches
inner join met
    on stretches.day = met.day and stretches.days = met.days
inner join recount.periods
    on met.period = periods.period
group by 1, 2;
