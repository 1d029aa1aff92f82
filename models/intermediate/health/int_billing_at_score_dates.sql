with customers as (
    select household_id, score_date, is_in_force, is_paying, mrr, mrr_365d_ago
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

subscriptions as (
    select * from {{ ref('int_main_subscription_at_score_dates') }} where score_date >= {{ first_day() }}
),

payments as (
    select
        household_id,
        payment_date,
        lead(payment_date, 1, date '9999-12-31') over (partition by household_id order by payment_date) as next_payment_date
    from {{ ref('fct_payments') }}
    where status = 'succeeded'
    group by household_id, payment_date
),

ranks as (
    select
        household_id,
        score_date,
        case when count(*) over at_date > 1 then percent_rank() over by_mrr end as mrr_percentile
    from customers
    where is_paying and mrr is not null
    window at_date as (partition by score_date), by_mrr as (partition by score_date order by mrr)
)

{%- set billing_is_known = source_is_present('stripe', 'subscription_history') %}

select
    customers.household_id,
    customers.score_date,
    case
        {%- if not billing_is_known %}
        when true then null
        {%- endif %}
        -- A failed collection is shown for payment_failed_days, also if the subscription has changed since (decision 38).
        when not customers.is_in_force and subscriptions.failed_since > customers.score_date - {{ var('payment_failed_days') }}
            then 'failed'
        when not customers.is_in_force then 'free'
        when subscriptions.cancel_at_period_end then 'cancelled'
        else subscriptions.payment_status
    end as payment_standing,
    case
        when not customers.is_in_force and subscriptions.failed_since > customers.score_date - {{ var('payment_failed_days') }}
            then 'failed'
        when subscriptions.cancel_at_period_end then 'cancelled'
        else subscriptions.payment_status
    end as payment_status,
    subscriptions.cancel_at_period_end,
    subscriptions.billing_interval_days,
    subscriptions.billing_interval_months,
    subscriptions.current_period_end_date,
    {{ count_or_unknown('charges.failed_charges_30', 'stripe', 'charge') }} as failed_charges_30,
    {{ count_or_unknown('charges.failed_charges_90', 'stripe', 'charge') }} as failed_charges_90,
    case when customers.is_paying then {{ safe_ratio('charges.succeeded_charges_180', 'charges.settled_charges_180') }} end
        as charges_succeeded_share_180,
    customers.score_date - payments.payment_date as days_since_last_payment,
    ranks.mrr_percentile,
    case when customers.is_paying then {{ safe_ratio('customers.mrr - customers.mrr_365d_ago', 'customers.mrr_365d_ago') }} end
        as mrr_change_365d
from customers
left join subscriptions using (household_id, score_date)
left join {{ ref('int_charges_at_score_dates') }} as charges using (household_id, score_date)
left join ranks using (household_id, score_date)
left join payments
    on
        customers.household_id = payments.household_id
        and customers.score_date >= payments.payment_date
        and customers.score_date < payments.next_payment_date
order by score_date
