-- The version of each subscription in force at the end of each day.
create temp table subscription_days as
with last_of_day as (
    select
        subscription_id,
        household_id,
        status,
        price_id,
        quantity,
        cancel_at_period_end,
        cast(s.valid_from as date) as valid_from
    from staging.stg_stripe__subscription_history as s
    qualify row_number() over (partition by subscription_id, cast(s.valid_from as date) order by s.valid_from desc) = 1
)

select
    *,
    coalesce(lead(valid_from) over (partition by subscription_id order by valid_from), date '9999-12-31') as valid_until
from last_of_day
