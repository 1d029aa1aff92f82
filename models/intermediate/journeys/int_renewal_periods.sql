-- Runs of days on which a paid subscription of long intervals renews on a certain day.
with periods as (
    select *, cast(current_period_end as date) as renewal_on
    from {{ ref('int_subscription_periods') }}
    where
        household_id is not null
        and is_paying
        and billing_interval_days >= {{ var('renewal_min_interval_days') }}
        and current_period_end is not null
)

select
    household_id,
    subscription_id,
    valid_from,
    least(valid_until, closed_date) as valid_until,
    renewal_on,
    cast(round(mrr, 2) as decimal(18, 2)) as mrr,
    coalesce(cancel_at_period_end, false) or coalesce(cancel_at <= current_period_end, false) as is_cancellation_scheduled
from periods
where closed_date is null or valid_from < closed_date
