-- A connector closes a version just before the next one begins: an end in the last second of a day is the next day.
create macro recount.ending_day(moment) as cast(moment + interval 1 second as date);

-- Versions of subscriptions, each from the day on which it holds. `ends_day`: the first day on which it is not in
-- force, although no later version says so. `paused_day`: the first day after a pause.
create table recount.versions as
with numbered as (
    select
        households.home,
        households.closed_day,
        history.*,
        row_number() over subscription as place,
        lead(history._fivetran_start) over subscription is null as is_last,
        cast(history._fivetran_start as date) as began_day,
        recount.ending_day(history.ended_at) as ended_day,
        coalesce(statuses.is_in_force, false) as says_in_force,
        coalesce(statuses.is_paying, false) as says_paying
    from raw_kept.stripe__subscription_history as history
    inner join recount.households
        on history.household_id = households.household_id
    left join recount.subscription_statuses as statuses
        on history.status = statuses.status
    window subscription as (partition by history.id order by history._fivetran_start)
),

-- A first version that is already over: its history began late.
late as (
    select
        *,
        cast(coalesce(start_date, created, _fivetran_start) as date) as opened_day,
        coalesce(place = 1 and status = 'canceled' and opened_day < ended_day, false) as is_late
    from numbered
),

before as (
    select *, case when trial_end is not null then least(cast(trial_end as date), ended_day) end as trial_day
    from late
    where is_late
),

dated as (
    select
        late.*,
        case
            when is_late then ended_day
            when not says_in_force then least(began_day, ended_day)
            when place = 1 then least(began_day, cast(start_date as date))
            else began_day
        end as from_day,
        case
            when says_in_force
                then least(
                    ended_day,
                    cast(cancel_at as date),
                    case when is_last and not _fivetran_active then recount.ending_day(_fivetran_end) end
                )
        end as ends_day
    from late
    union all by name
    select * exclude (trial_day) replace (0.3 as place, true as says_in_force, false as says_paying), opened_day as from_day
    from before
    where trial_day > opened_day
    union all by name
    select
        * exclude (trial_day) replace (0.6 as place, true as says_in_force, true as says_paying),
        greatest(opened_day, trial_day) as from_day
    from before
    where ended_day > coalesce(trial_day, opened_day)
)

select
    home,
    id,
    customer_id,
    place,
    price_id,
    coalesce(quantity, 1) as quantity,
    says_in_force,
    says_paying,
    from_day,
    ends_day,
    least(
        closed_day,
        min(from_day) over (partition by id order by place rows between 1 following and unbounded following)
    ) as until_day,
    case
        when pause_collection_behavior is not null
            then coalesce(cast(pause_collection_resumes_at as date), date '9999-12-31')
    end as paused_day
from dated;
