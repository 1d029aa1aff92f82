{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where
        score_date > {{ history_start('published') }}
        and days_since_signup >= {{ var('trend_min_age_days') }}
        and score_date >= {{ first_day() }}
),

compared as (
    select customers.*, 'tasks_completed' as metric, tasks_30 as current_value, tasks_prev_30 as previous_value
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} using (household_id, score_date)
    union all
    select customers.*, 'active_members', active_members_30, active_members_prev_30
    from customers
    inner join {{ ref('int_members_at_score_dates') }} using (household_id, score_date)
    union all
    select customers.*, 'mean_session_minutes', mean_session_minutes_30, mean_session_minutes_prev_30
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} using (household_id, score_date)
),

-- Undefined where the earlier value is 0 (decision 14).
changes as (
    select *, {{ safe_ratio('current_value - previous_value', 'previous_value') }} as percent_change from compared
)

select
    changes.household_id,
    changes.score_date,
    changes.metric,
    cast(changes.current_value as double) as current_value,
    cast(changes.previous_value as double) as previous_value,
    changes.percent_change,
    rules.severity
from changes
inner join {{ ref('trend_alerts') }} as rules on changes.metric = rules.metric
where
    changes.percent_change < -rules.drop_share
    and changes.current_value > coalesce(rules.min_current, -1)
order by score_date
