{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record is dated on each day on which one of its states begins or ends, so that a continuing state changes no past day.
with fingerprints as (
    {{ entity_fingerprints('responses', ref('stg_survey__response'), 'cast(responded_at as date)', [
        'response_id', 'household_id', 'survey_type', 'score', 'ticket_id', 'responded_at'
    ]) }}
    union all
    {{ entity_fingerprints('engagement', ref('int_crm_engagement'), 'cast(occurred_at as date)', [
        'engagement_id', 'household_id', 'contact_id', 'engagement_type', 'engagement_event', 'message_id'
    ]) }}
    union all
    {{ entity_fingerprints('contacts', ref('stg_hubspot__contact'), 'cast(created_at as date)', [
        'contact_id', 'household_id', 'buying_role'
    ]) }}
    union all
    {{ entity_fingerprints('contacts', ref('stg_hubspot__contact'), 'cast(left_at as date)', ['contact_id']) }}
)

select
    entity,
    day,
    -- Two kinds of dates of one entity may fall on the same day.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
