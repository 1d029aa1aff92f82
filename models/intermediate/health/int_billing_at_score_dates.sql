with customers as (
    select household_id, score_date, is_in_force, is_paying, mrr, mrr_365d_ago
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }}
),

charges as (
    select household_id, status, payment_date from {{ ref('fct_payments') }}
),

subscriptions as (
    select * from {{ ref('int_main_subscription_at_score_dates') }} where score_date >= {{ first_day() }}
),

succeeded as (
    select
        household_id,
        payment_date,
        lead(payment_date, 1, date '9999-12-31') over (partition by household_id order by payment_date) as next_payment_date
    from charges
    where status = 'succeeded'
    group by household_id, payment_date
),

charged as (
    select
        charges.household_id,
        windows.score_date,
        count(*) filter (where charges.status = 'failed' and windows.days_before < 30) as failed_charges_30,
        count(*) filter (where charges.status = 'failed' and windows.days_before < 90) as failed_charges_90,
        count(*) filter (where charges.status = 'succeeded') as succeeded_charges_180,
        -- Pending charges are excluded.
        count(*) filter (where charges.status in ('succeeded', 'failed')) as settled_charges_180
    from charges
    inner join windows on charges.payment_date = windows.activity_date
    group by charges.household_id, windows.score_date
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
    {{ count_or_unknown('charged.failed_charges_30', 'stripe', 'charge') }} as failed_charges_30,
    {{ count_or_unknown('charged.failed_charges_90', 'stripe', 'charge') }} as failed_charges_90,
    case when customers.is_paying then {{ safe_ratio('charged.succeeded_charges_180', 'charged.settled_charges_180') }} end
        as charges_succeeded_share_180,
    customers.score_date - succeeded.payment_date as days_since_last_payment,
    ranks.mrr_percentile,
    case when customers.is_paying then {{ safe_ratio('customers.mrr - customers.mrr_365d_ago', 'customers.mrr_365d_ago') }} end
        as mrr_change_365d
from customers
left join subscriptions
    on customers.household_id = subscriptions.household_id and customers.score_date = subscriptions.score_date
left join charged on customers.household_id = charged.household_id and customers.score_date = charged.score_date
left join ranks on customers.household_id = ranks.household_id and customers.score_date = ranks.score_date
left join succeeded
    on
        customers.household_id = succeeded.household_id
        and customers.score_date >= succeeded.payment_date
        and customers.score_date < succeeded.next_payment_date
order by score_date
