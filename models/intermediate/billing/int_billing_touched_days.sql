{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record counts on each day on which something of it begins or ends, so that what merely goes on changes no past day.
with fingerprints as (
    {{ dated('subscriptions', ref('int_subscription_periods'), 'valid_from', [
        'subscription_id', 'household_id', 'status', 'plan_type', 'quantity', 'mrr', 'billing_interval_days',
        'cancel_at_period_end', 'current_period_end', 'ended_at'
    ]) }}
    union all
    {{ dated('charges', ref('fct_payments'), 'payment_date', ['charge_id', 'household_id', 'status']) }}
    union all
    {{ dated('changes', ref('fct_subscription_changes'), 'changed_at', ['household_id', 'change_type', 'mrr_delta']) }}
)

select
    entity,
    day,
    -- Two kinds of days of one entity may fall together.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
