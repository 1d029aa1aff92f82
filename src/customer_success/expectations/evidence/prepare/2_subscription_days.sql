-- The version of each subscription at the end of each day, as Stripe's connector tells it: what a later version says of an end
-- or a beginning moves the days before it.
create temp macro over_from(moment) as cast(moment + interval 1 second as date);
create temp macro never() as date '9999-12-31';

create temp table subscription_days as
with told as (
    select
        *,
        cast(valid_from as date) as told_on,
        row_number() over (partition by subscription_id order by valid_from) as nth,
        row_number() over (partition by subscription_id order by valid_from desc) as nth_last
    from staging.stg_stripe__subscription_history
),

-- Of these the history holds only the end.
ended as (
    select
        *,
        cast(coalesce(started_at, created_at, valid_from) as date) as begun_on,
        coalesce(over_from(ended_at), told_on) as ended_on
    from told
    where nth = 1 and (status = 'canceled' or (ended_at <= valid_from and status <> 'incomplete_expired'))
),

before_history as (
    select *, 'trialing' as phase, -1 as phase_nth, begun_on as holds_from from ended where over_from(trial_end) > begun_on
    union all
    select *, 'active', 0, greatest(begun_on, coalesce(over_from(trial_end), begun_on)) from ended
),

holding as (
    select
        t.subscription_id,
        t.household_id,
        t.customer_id,
        t.status,
        t.price_id,
        t.quantity,
        t.nth,
        case
            when e.subscription_id is not null then e.ended_on
            when t.ended_at < t.valid_from then least(t.told_on, over_from(t.ended_at))
            when t.nth = 1 then least(t.told_on, coalesce(cast(t.started_at as date), t.told_on))
            else t.told_on
        end as holds_from,
        least(
            coalesce(over_from(t.ended_at), never()),
            coalesce(over_from(t.cancel_at), never()),
            case when t.nth_last = 1 and t.is_active = false then coalesce(over_from(t.ends_at), never()) else never() end
        ) as over_on,
        case
            when t.pause_collection_behavior is null then date '1900-01-01'
            else coalesce(cast(t.pause_collection_resumes_at as date), never())
        end as paused_until
    from told as t
    left join ended as e on t.subscription_id = e.subscription_id and t.nth = e.nth
    union all
    select
        subscription_id, household_id, customer_id, phase, price_id, quantity, phase_nth, holds_from, ended_on, date '1900-01-01'
    from before_history
)

select
    *,
    holds_from as valid_from,
    coalesce(
        min(holds_from) over (partition by subscription_id order by nth rows between 1 following and unbounded following), never()
    ) as valid_until
from holding
qualify holds_from < valid_until
