with periods as (
    select * from {{ ref('int_subscription_periods') }}
),

payments as (
    select
        household_id,
        max(payment_date) filter (where status = 'succeeded') as payment_date,
        max_by(payment_failed, (charged_at, charge_id)) as payment_failed
    from {{ ref('fct_payments') }}
    group by household_id
),

spans as (
    select subscription_id, min(valid_from) as started_at from periods group by subscription_id
),

-- The subscription's version as it stands at as_of_date.
present as (
    select
        *,
        is_in_force and closed_date is null as is_in_force_now
    from periods
    where valid_until is null
),

chosen as (
    select present.*, spans.started_at
    from present
    inner join spans on present.subscription_id = spans.subscription_id
    qualify row_number() over (
        partition by present.household_id
        order by
            present.is_in_force_now desc,
            case when present.is_in_force_now then present.is_paying end desc nulls last,
            case when present.is_in_force_now then present.plan_rank end desc nulls last,
            spans.started_at desc,
            present.subscription_id desc
    ) = 1
)

select
    chosen.household_id,
    chosen.subscription_id,
    chosen.plan_type,
    case
        when chosen.payment_status = 'failed' and chosen.payment_status_since > {{ as_of_date() }} - {{ var('payment_failed_days') }} then 'failed'
        when chosen.payment_status = 'failed' or chosen.ended_at < {{ as_of_end() }} or chosen.closed_date is not null then 'cancelled'
        when chosen.cancel_at_period_end then 'cancelled'
        else chosen.payment_status
    end as payment_status,
    chosen.status,
    chosen.quantity,
    case when chosen.is_in_force_now then cast(round(chosen.mrr, 2) as decimal(18, 2)) else 0 end as mrr,
    chosen.billing_interval,
    chosen.billing_interval_count,
    chosen.started_at,
    cast(case when chosen.ended_at < {{ as_of_end() }} then chosen.ended_at end as date) as ended_at,
    chosen.cancel_at_period_end,
    cast(chosen.current_period_end as date) as current_period_end,
    payments.payment_date,
    payments.payment_failed
from chosen
left join payments on chosen.household_id = payments.household_id
