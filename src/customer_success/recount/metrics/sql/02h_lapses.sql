-- Runs of days in force, and of days of paying, over all subscriptions of a household.
create table recount.runs as
with kinds as (
    select home, 'in force' as kind, from_day, to_day from recount.in_force
    union all
    select home, 'paying', from_day, to_day from recount.in_force where is_paying
),

-- One stretch per first day: rows that tie would be numbered in any order.
firsts as (
    select home, kind, from_day, max(to_day) as to_day from kinds group by 1, 2, 3
),

reached as (
    select
        *,
        max(to_day) over (
            partition by home, kind order by from_day rows between unbounded preceding and 1 preceding
        ) as before_day
    from firsts
),

numbered as (
    select
        *,
        count(*) filter (where before_day is null or from_day > before_day + 1)
            over (partition by home, kind order by from_day rows unbounded preceding) as run
    from reached
)

select home, kind, min(from_day) as from_day, max(to_day) as to_day
from numbered
group by home, kind, run;

-- Days on which a subscription that was paid for has ended, and nothing is in force.
create table recount.lapses as
select distinct ended.home, ended.to_day + 1 as day
from recount.runs as ended
cross join recount.settings
inner join recount.runs as paid
    on
        ended.home = paid.home
        and paid.kind = 'paying'
        and paid.to_day between ended.to_day - settings.lapse_window_days and ended.to_day
where ended.kind = 'in force';
