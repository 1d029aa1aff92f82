{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
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
    {{ dated('check_ins', ref('stg_cs__check_ins'), 'cast(check_in_at as date)', ['check_in_id', 'household_id']) }}
    union all
    {{ dated('joiners', ref('stg_app__household_members'), 'joined_date', ['member_id', 'household_id']) }}
)

select
    entity,
    day,
    -- Two kinds of days of one entity may fall together.
    string_agg(fingerprint, ' ' order by fingerprint) as fingerprint
from fingerprints
group by entity, day
