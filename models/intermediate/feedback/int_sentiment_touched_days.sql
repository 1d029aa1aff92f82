{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- Separate from int_feedback_touched_days, so that only sentiment models wait until messages are scored.
with fingerprints as (
    {{ entity_fingerprints('messages', ref('fct_message_sentiment'), 'cast(created_at as date)', [
        'message_id', 'household_id', 'compound'
    ]) }}
)

select entity, day, fingerprint from fingerprints
