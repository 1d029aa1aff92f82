-- depends_on: {{ ref('stg_app__households') }}
{{ config(
    materialized='incremental',
    incremental_strategy='rebuild_from',
    on_schema_change='fail',
    meta={'date_column': 'activity_date', 'scopes': ['sessions']},
    post_hook="{{ note_applied() }}"
) }}

{%- set from_day = rebuild_from(['sessions']) if is_incremental() else "date '1900-01-01'" %}

with activity as (
    select * from {{ ref('fct_household_activity') }} where activity_date >= {{ from_day }}
),

user_sessions as (
    select * from {{ ref('fct_user_sessions') }} where login_date >= {{ from_day }}
),

catalogue as (
    select feature_name from {{ ref('features') }}
),

care_tasks as (
    select tasks.*
    from {{ ref('stg_app__tasks') }} as tasks
    left join {{ ref('care_task_categories') }} as categories on tasks.category = categories.category
    -- A category that the seed does not list is one other than `other`.
    where coalesce(categories.is_care, tasks.category is not null) and tasks.due_at >= {{ from_day }}
),

daily_activity as (
    select
        activity.household_id,
        activity.activity_date,
        count(distinct activity.user_id) as active_members,
        count(*) as events,
        count(*) filter (where activity.event_type = 'app_open') as app_opens,
        count(*) filter (where activity.event_type = 'task_completion') as tasks_completed,
        count(distinct catalogue.feature_name) as features_used
    from activity
    left join catalogue on activity.feature_name = catalogue.feature_name
    group by activity.household_id, activity.activity_date
),

daily_sessions as (
    select
        household_id,
        login_date,
        count(*) as sessions,
        -- Whole microseconds add up to the same sum in any order; fractions of minutes would not.
        cast(sum(epoch_us(logout_at) - epoch_us(login_at)) as bigint) / 60000000.0 as session_minutes
    from user_sessions
    group by household_id, login_date
),

-- What was due and done by the end of the day it was due on: nothing later changes the row.
daily_care as (
    select
        household_id,
        cast(due_at as date) as due_date,
        count(*) as care_tasks_due,
        count(*) filter (where completed_at <= due_at) as care_tasks_on_time
    from care_tasks
    where
        cast(created_at as date) <= cast(due_at as date)
        and (deleted_at is null or cast(deleted_at as date) > cast(due_at as date))
    group by household_id, cast(due_at as date)
),

{% if is_incremental() -%}
active_before as (
    select household_id, max(activity_date) as activity_date
    from {{ this }}
    where activity_date < {{ from_day }} and household_id in (select household_id from daily_activity)
    group by household_id
),
{%- endif %}

final as (
    select
        daily_activity.household_id,
        daily_activity.activity_date,
        coalesce(
            lag(daily_activity.activity_date) over (
                partition by daily_activity.household_id order by daily_activity.activity_date
            ),
            {{ 'active_before.activity_date' if is_incremental() else 'cast(null as date)' }}
        ) as previous_activity_date,
        daily_activity.active_members,
        daily_activity.events,
        coalesce(daily_sessions.sessions, 0) as sessions,
        daily_activity.app_opens,
        daily_activity.tasks_completed,
        {{ count_or_unknown('daily_care.care_tasks_due', 'app', 'tasks') }} as care_tasks_due,
        {{ count_or_unknown('daily_care.care_tasks_on_time', 'app', 'tasks') }} as care_tasks_on_time,
        daily_activity.features_used,
        coalesce(daily_sessions.session_minutes, 0) as session_minutes
    from daily_activity
    left join daily_sessions
        on
            daily_activity.household_id = daily_sessions.household_id
            and daily_activity.activity_date = daily_sessions.login_date
    left join daily_care
        on
            daily_activity.household_id = daily_care.household_id
            and daily_activity.activity_date = daily_care.due_date
    {% if is_incremental() -%}
    left join active_before on daily_activity.household_id = active_before.household_id
    {%- endif %}
)

select * from final
