with settings as (
    select household_id, feature_name, is_enabled, changed_at, setting_change_id
    from {{ ref('stg_app__feature_settings') }}
),

latest as (
    select household_id, feature_name, arg_max_null(is_enabled, (changed_at, setting_change_id)) as is_enabled
    from settings
    group by household_id, feature_name
)

select
    household_id,
    coalesce(bool_or(is_enabled) filter (where feature_name = 'recurring_tasks'), false) as recurring_tasks_enabled,
    coalesce(bool_or(is_enabled) filter (where feature_name = 'reminders'), false) as reminders_enabled,
    coalesce(bool_or(is_enabled) filter (where feature_name = 'calendar_sync'), false) as calendar_sync_enabled,
    coalesce(bool_or(is_enabled) filter (where feature_name = 'notifications'), false) as notifications_enabled
from latest
group by household_id
