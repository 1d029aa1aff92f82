-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_customer_touched_days') }}
{{ config(materialized='incremental', meta={'date_column': 'activity_date'}) }}

{%- set from_day = first_day() %}

with daily_activity as (
    select
        household_id,
        activity_date,
        count(*) as active_members,
        cast(sum(events) as bigint) as events,
        cast(sum(app_opens) as bigint) as app_opens,
        cast(sum(tasks_completed) as bigint) as tasks_completed,
        cast(sum(photos_uploaded) as bigint) as photos_uploaded
    from {{ ref('int_member_days') }}
    where activity_date >= {{ from_day }}
    group by household_id, activity_date
),

{% if is_incremental() -%}
active_before as (
    select household_id, max(activity_date) as last_activity_date
    from {{ this }}
    where activity_date < {{ from_day }} and household_id in (select household_id from daily_activity)
    group by household_id
),
{%- endif %}

daily_features as (
    select household_id, activity_date, count(*) as features_used
    from {{ ref('int_feature_days') }}
    where activity_date >= {{ from_day }} and tier is not null
    group by household_id, activity_date
),

daily_sessions as (
    select
        household_id,
        login_date as activity_date,
        count(*) as sessions,
        cast(sum(event_count) as bigint) as session_events,
        -- Sums of whole microseconds do not depend on row order; sums of fractional minutes would.
        cast(sum(epoch_us(logout_at) - epoch_us(login_at)) as bigint) / 60000000.0 as session_minutes
    from {{ ref('fct_user_sessions') }}
    where login_date >= {{ from_day }}
    group by household_id, login_date
),

daily_care as (
    select household_id, due_date as activity_date, care_tasks_due, care_tasks_on_time
    from {{ ref('int_care_days') }}
    where due_date >= {{ from_day }}
)

select
    daily_activity.household_id,
    daily_activity.activity_date,
    coalesce(
        lag(activity_date) over (partition by household_id order by activity_date),
        {{ 'active_before.last_activity_date' if is_incremental() else 'cast(null as date)' }}
    ) as previous_activity_date,
    daily_activity.active_members,
    daily_activity.events,
    coalesce(daily_sessions.sessions, 0) as sessions,
    daily_activity.app_opens,
    daily_activity.tasks_completed,
    {{ count_or_unknown('daily_care.care_tasks_due', 'app', 'tasks') }} as care_tasks_due,
    {{ count_or_unknown('daily_care.care_tasks_on_time', 'app', 'tasks') }} as care_tasks_on_time,
    coalesce(daily_features.features_used, 0) as features_used,
    daily_activity.photos_uploaded,
    coalesce(daily_sessions.session_events, 0) as session_events,
    coalesce(daily_sessions.session_minutes, 0) as session_minutes
from daily_activity
left join daily_features using (household_id, activity_date)
left join daily_sessions using (household_id, activity_date)
left join daily_care using (household_id, activity_date)
{% if is_incremental() -%}
left join active_before using (household_id)
{%- endif %}
