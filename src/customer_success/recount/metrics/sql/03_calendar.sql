-- Periods since anything happened, and the days on which the state of a household matters.
create table recount.periods as
with first_days as (
    select min(cast(created_at as date)) as day from raw_kept.app__households
    union all
    select min(cast(joined_at as date)) from raw_kept.app__household_members
    union all
    select min(cast(event_at as date)) from raw_kept.product__events
    union all
    select min(from_day) from recount.versions
    union all
    select min(cast(created_at as date)) from raw_kept.zendesk__ticket
    union all
    select min(cast(sent_at as date)) from raw_kept.survey__invitation
    union all
    select min(cast(responded_at as date)) from raw_kept.survey__response
),

days as (
    select cast(unnest(generate_series(
        (select min(day) from first_days),
        (select as_of_date from recount.build),
        interval 1 day
    )) as date) as day
),

calendar as (
    select distinct
        unnest(['week', 'month', 'quarter']) as grain,
        cast(unnest([date_trunc('week', day), date_trunc('month', day), date_trunc('quarter', day)]) as date)
            as first_day
    from days
),

all_periods as (
    select
        grain,
        first_day,
        case grain
            when 'week' then first_day + 6
            when 'month' then cast(first_day + interval 1 month as date) - 1
            else cast(first_day + interval 3 month as date) - 1
        end as last_day
    from calendar
    union all
    select 'trailing_' || trailing_days, as_of_date - trailing_days + 1, as_of_date
    from recount.build
    cross join recount.settings
)

select
    cast(row_number() over (order by grain, first_day) as integer) as period,
    grain,
    first_day,
    last_day,
    first_day - 1 as start_day,
    least(last_day, as_of_date) as end_day,
    last_day <= as_of_date as is_complete
from all_periods
cross join recount.build;

-- Each day up to as_of_date with the periods that hold it.
create table recount.period_days as
select
    periods.period,
    cast(unnest(generate_series(periods.first_day, periods.end_day, interval 1 day)) as date) as day
from recount.periods;

-- Sundays of the history and as_of_date itself.
create table recount.score_dates as
select as_of_date as score_date
from recount.build
union
select cast(unnest(generate_series(
    date_trunc('week', as_of_date + 1) - interval 1 day - to_weeks(history_weeks - 1),
    as_of_date,
    interval 7 day
)) as date)
from recount.build
cross join recount.settings;

-- The last score date of each period, where the history reaches so far back.
create table recount.period_scores as
select
    periods.period,
    max(score_dates.score_date) as score_date
from recount.periods
inner join recount.score_dates
    on score_dates.score_date between periods.first_day and periods.end_day
group by 1;

create table recount.state_days as
select start_day as day from recount.periods
union
select end_day from recount.periods
union
select score_date from recount.period_scores;
