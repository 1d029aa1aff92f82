{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record is dated on each day on which one of its states begins or ends, so that a continuing state changes no past day.
-- Changes of plan, trial, seats, interval and price follow from the columns of subscriptions.
with fingerprints as (
    {{ entity_fingerprints('subscriptions', ref('int_subscription_periods'), 'valid_from', [
        'subscription_id', 'household_id', 'status', 'payment_status', 'is_in_force', 'is_paying', 'is_trialing', 'plan_type',
        'plan_rank', 'quantity', 'mrr', 'billing_interval', 'billing_interval_count', 'billing_interval_days',
        'cancel_at_period_end', 'cancel_at', 'current_period_end', 'ended_on'
    ]) }}
    union all
    {{ entity_fingerprints('charges', ref('fct_payments'), 'payment_date', [
        'charge_id', 'household_id', 'status', 'net_amount'
    ]) }}
)

select
    entity,
    day,
    -- Two kinds of dates of one entity may fall on the same day.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
