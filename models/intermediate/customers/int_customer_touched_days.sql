{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- A record is dated on each day on which one of its states begins or ends, so that a continuing state changes no past day.
-- A first day in force before the account was made is in int_billing_touched_days.
with fingerprints as (
    {{ entity_fingerprints('households', ref('stg_app__households'), 'cast(created_at as date)', ['household_id']) }}
    union all
    {{ entity_fingerprints('households', ref('stg_app__households'), 'closed_date', ['household_id']) }}
    union all
    {{ entity_fingerprints('pets', ref('stg_app__pets'), 'added_date', ['pet_id', 'household_id']) }}
    union all
    {{ entity_fingerprints('pets', ref('stg_app__pets'), 'removed_date', ['pet_id', 'household_id']) }}
    union all
    {{ entity_fingerprints('settings', ref('stg_app__feature_settings'), 'cast(changed_at as date)', [
        'household_id', 'feature_name', 'changed_at', 'is_enabled'
    ]) }}
    union all
    {{ entity_fingerprints('tasks', ref('stg_app__tasks'), 'cast(created_at as date)', [
        'task_id', 'household_id', 'category', 'is_recurring', 'due_at'
    ]) }}
    union all
    {{ entity_fingerprints('tasks', ref('stg_app__tasks'), 'cast(completed_at as date)', ['task_id', 'completed_at']) }}
    union all
    {{ entity_fingerprints('tasks', ref('stg_app__tasks'), 'cast(deleted_at as date)', ['task_id', 'deleted_at']) }}
    union all
    {{ entity_fingerprints('check_ins', ref('stg_cs__check_ins'), 'cast(check_in_at as date)', ['check_in_id', 'household_id']) }}
    union all
    {{ entity_fingerprints('joiners', ref('stg_app__household_members'), 'joined_date', ['member_id', 'household_id']) }}
)

select
    entity,
    day,
    -- Two kinds of dates of one entity may fall on the same day.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
