{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record counts on each day on which something of it begins or ends, so that what merely goes on changes no past day.
with fingerprints as (
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
)

select
    entity,
    day,
    -- Two kinds of days of one entity may fall together.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
