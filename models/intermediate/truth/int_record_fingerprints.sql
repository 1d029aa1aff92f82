{{ config(
    materialized='incremental',
    incremental_strategy='note_changed_days',
    on_schema_change='fail',
    post_hook="{{ note_all('records') }}"
) }}

-- A record counts on each day on which something of it begins or ends, so that what merely goes on changes no past day.
with fingerprints as (
    {{ dated('households', ref('stg_app__households'), 'signup_date', ['household_id']) }}
    union all
    {{ dated('households', ref('stg_app__households'), 'closed_date', ['household_id']) }}
    union all
    {{ dated('pets', ref('stg_app__pets'), 'added_date', ['pet_id', 'household_id']) }}
    union all
    {{ dated('pets', ref('stg_app__pets'), 'removed_date', ['pet_id', 'household_id']) }}
    union all
    {{ dated('settings', ref('stg_app__feature_settings'), 'cast(changed_at as date)', [
        'household_id', 'feature_name', 'changed_at', 'is_enabled'
    ]) }}
    union all
    {{ dated('tasks', ref('stg_app__tasks'), 'cast(created_at as date)', [
        'task_id', 'household_id', 'category', 'is_recurring', 'due_at'
    ]) }}
    union all
    {{ dated('tasks', ref('stg_app__tasks'), 'cast(completed_at as date)', ['task_id', 'completed_at']) }}
    union all
    {{ dated('tasks', ref('stg_app__tasks'), 'cast(deleted_at as date)', ['task_id', 'deleted_at']) }}
    union all
    {{ dated('subscriptions', ref('int_subscription_periods'), 'valid_from', [
        'subscription_id', 'household_id', 'status', 'plan_type', 'quantity', 'mrr', 'billing_interval_days',
        'cancel_at_period_end', 'current_period_end', 'ended_at'
    ]) }}
    union all
    {{ dated('charges', ref('fct_payments'), 'payment_date', ['charge_id', 'household_id', 'status']) }}
    union all
    {{ dated('tickets', ref('int_ticket_periods'), 'valid_from', [
        'ticket_id', 'household_id', 'created_at', 'is_solved', 'resolved_at', 'severity', 'is_escalated', 'competitor_mentioned'
    ]) }}
    union all
    {{ dated('responses', ref('stg_survey__response'), 'cast(responded_at as date)', [
        'response_id', 'household_id', 'survey_type', 'score', 'ticket_id', 'responded_at'
    ]) }}
    union all
    {{ dated('engagement', ref('stg_hubspot__engagement'), 'cast(occurred_at as date)', [
        'engagement_id', 'household_id', 'contact_id', 'engagement_type', 'engagement_event', 'message_id'
    ]) }}
    union all
    {{ dated('contacts', ref('stg_hubspot__contact'), 'cast(created_at as date)', [
        'contact_id', 'household_id', 'buying_role'
    ]) }}
    union all
    {{ dated('contacts', ref('stg_hubspot__contact'), 'cast(left_at as date)', ['contact_id']) }}
    union all
    {{ dated('check_ins', ref('stg_cs__check_ins'), 'cast(check_in_at as date)', ['check_in_id', 'household_id']) }}
    union all
    {{ dated('messages', ref('fct_message_sentiment'), 'cast(created_at as date)', ['message_id', 'household_id', 'compound']) }}
    union all
    {{ dated('changes', ref('fct_subscription_changes'), 'changed_at', ['household_id', 'change_type', 'mrr_delta']) }}
    union all
    {{ dated('joiners', ref('stg_app__household_members'), 'joined_date', ['member_id', 'household_id']) }}
    union all
    -- A rule holds on all days: one that is changed rebuilds all of them.
    select 'rules' as entity, date '1900-01-01' as day, cast(sum(hash(dim_health_rules)) as varchar) as fingerprint
    from {{ ref('dim_health_rules') }}
    {%- for rules in ['churn_risk_rules', 'churn_risk_bands', 'churn_signals'] %}
    union all
    select 'rules', date '1900-01-01', cast(sum(hash({{ rules }})) as varchar) from {{ ref(rules) }}
    {%- endfor %}
)

select
    entity,
    day,
    -- Two kinds of days of one entity may fall together.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
