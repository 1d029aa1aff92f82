-- The version of each subscription that stood at the end of each day.
create temp table subscription_days as
select
    *, coalesce(lead(valid_from) over (partition by subscription_id order by valid_from), date '9999-12-31')
        as valid_until
from (
    select
        subscription_id, household_id, status, price_id, quantity, cancel_at_period_end,
        cast(valid_from as date) as valid_from
    from staging.stg_stripe__subscription_history
    qualify row_number() over (
        partition by subscription_id, cast(valid_from as date)
        order by stg_stripe__subscription_history.valid_from desc
    ) = 1
)
