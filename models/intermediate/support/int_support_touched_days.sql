{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record counts on each day on which something of it begins or ends, so that what merely goes on changes no past day.
with fingerprints as (
    {{ dated('tickets', ref('int_ticket_periods'), 'valid_from', [
        'ticket_id', 'household_id', 'created_at', 'is_solved', 'resolved_at', 'severity', 'is_escalated', 'competitor_mentioned'
    ]) }}
)

select
    entity,
    day,
    -- Two kinds of days of one entity may fall together.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
