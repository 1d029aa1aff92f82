with versions as (
    select * from {{ ref('stg_stripe__subscription_history') }}
),

prices as (
    select * from {{ ref('int_prices') }}
),

statuses as (
    select * from {{ ref('subscription_statuses') }}
),

households as (
    select household_id, closed_date from {{ ref('stg_app__households') }}
),

-- The version at the end of a day counts for that day.
end_of_day_versions as (
    select *, cast(valid_from as date) as valid_from_date
    from versions
    qualify row_number() over (partition by subscription_id, cast(valid_from as date) order by valid_from desc) = 1
),

periods as (
    select *, lead(valid_from_date) over (partition by subscription_id order by valid_from_date) as valid_until_date
    from end_of_day_versions
),

priced as (
    select
        periods.subscription_id,
        periods.household_id,
        periods.valid_from_date as valid_from,
        periods.valid_until_date as valid_until,
        households.closed_date,
        periods.status,
        periods.quantity,
        prices.unit_amount,
        prices.billing_interval,
        prices.billing_interval_count,
        prices.billing_interval_days,
        periods.current_period_start,
        periods.current_period_end,
        periods.cancel_at_period_end,
        periods.canceled_at,
        periods.ended_at,
        periods.trial_end,
        prices.plan_type,
        prices.plan_rank,
        statuses.is_in_force,
        statuses.is_in_force and statuses.is_paying as is_paying,
        statuses.payment_status,
        cast(
            prices.unit_amount * periods.quantity * prices.months_numerator
            / nullif(prices.months_denominator * prices.billing_interval_count, 0)
            as decimal(18, 6)
        ) as monthly_value
    from periods
    left join prices on periods.price_id = prices.price_id
    left join statuses on periods.status = statuses.status
    left join households on periods.household_id = households.household_id
),

with_changes as (
    select
        *,
        (payment_status is distinct from lag(payment_status) over (partition by subscription_id order by valid_from))
            as is_change
    from priced
)

select
    * exclude (is_change),
    -- The day on which the current payment status began.
    max(case when is_change then valid_from end) over (
        partition by subscription_id order by valid_from rows between unbounded preceding and current row
    ) as payment_status_since,
    min(valid_from) over (partition by subscription_id) as started_at,
    case when is_paying then monthly_value when not is_paying then 0 end as mrr
from with_changes
