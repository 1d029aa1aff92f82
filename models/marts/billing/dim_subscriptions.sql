with periods as (
    select * from {{ ref('int_subscription_periods') }} where household_id is not null
),

payments as (
    select
        household_id,
        max(payment_date) filter (where status = 'succeeded') as payment_date,
        max_by(payment_failed, (charged_at, charge_id)) as payment_failed
    from {{ ref('fct_payments') }}
    group by household_id
),

last_failures as (
    select subscription_id, max(payment_status_since) as failed_since
    from periods
    where payment_status = 'failed'
    group by subscription_id
),

-- The version of the subscription at as_of_date.
current_versions as (
    select
        *,
        is_in_force and closed_date is null as is_in_force_now,
        bool_or(is_backfilled) over (partition by subscription_id) as has_backfilled_days
    from periods
    qualify valid_until is null
),

chosen as (
    select *
    from current_versions
    qualify row_number() over (
        partition by household_id
        order by
            is_in_force_now desc,
            case when is_in_force_now then is_paying end desc nulls last,
            case when is_in_force_now then plan_rank end desc nulls last,
            started_at desc,
            subscription_id desc
    ) = 1
)

select
    chosen.household_id,
    chosen.subscription_id,
    chosen.plan_type,
    case
        -- A failed collection is shown for payment_failed_days, also if the subscription has changed since (decision 38).
        when
            not chosen.is_in_force_now
            and last_failures.failed_since > {{ as_of_date() }} - {{ var('payment_failed_days') }} then 'failed'
        when chosen.cancel_at_period_end or chosen.cancel_at is not null or chosen.ended_on <= {{ as_of_date() }} then 'cancelled'
        else chosen.payment_status
    end as payment_status,
    chosen.status,
    chosen.is_in_force_now as is_in_force,
    chosen.quantity,
    case when chosen.is_in_force_now then cast(round(chosen.mrr, 2) as decimal(18, 2)) else 0 end as mrr,
    case when chosen.is_in_force_now then cast(round(chosen.mrr_list, 2) as decimal(18, 2)) else 0 end as mrr_list,
    case when chosen.is_in_force_now then chosen.mrr_unknown_reason end as mrr_unknown_reason,
    chosen.billing_interval,
    chosen.billing_interval_count,
    chosen.started_at,
    case when chosen.ended_on <= {{ as_of_date() }} then chosen.ended_on end as ended_at,
    chosen.cancel_at_period_end,
    cast(chosen.cancel_at as date) as cancel_at,
    cast(chosen.current_period_end as date) as current_period_end,
    chosen.has_backfilled_days as is_backfilled,
    chosen.items_are_present_state,
    payments.payment_date,
    {{ flag_or_unknown('payments.payment_failed', 'stripe', 'charge') }} as payment_failed
from chosen
left join last_failures on chosen.subscription_id = last_failures.subscription_id
left join payments on chosen.household_id = payments.household_id
