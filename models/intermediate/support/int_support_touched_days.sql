{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record is dated on each day on which one of its states begins or ends, so that a continuing state changes no past day.
with fingerprints as (
    {{ entity_fingerprints('tickets', ref('int_ticket_periods'), 'valid_from', [
        'ticket_id', 'household_id', 'created_at', 'is_solved', 'resolved_at', 'severity', 'is_escalated', 'is_merged',
        'competitor_mentioned'
    ]) }}
)

select
    entity,
    day,
    -- Two kinds of dates of one entity may fall on the same day.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
