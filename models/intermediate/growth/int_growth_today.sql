-- What is counted of each present customer for the programs of growth, in the days that end on as_of_date.
{%- set counts = [
    ('photos_30', 'daily'), ('active_days_30', 'daily'), ('premium_views_30', 'events'), ('limit_hits_30', 'events'),
    ('premium_uses_30', 'features'), ('analytics_uses_30', 'features')
] %}

with customers as (
    select household_id, plan_type, mrr, days_since_signup, photos_uploaded_count, active_pet_count, calendar_sync_enabled
    from {{ ref('int_households') }}
    where is_active
),

daily as (
    select household_id, sum(photos_uploaded) as photos_30, count(*) as active_days_30
    from {{ ref('fct_household_daily') }} where activity_date > {{ as_of_date() }} - 30
    group by household_id
),

events as (
    select
        activity.household_id,
        count(*) filter (where events.page in (select page from {{ ref('premium_pages') }})) as premium_views_30,
        count(*) filter (where activity.event_type = 'limit_hit') as limit_hits_30
    from {{ ref('fct_household_activity') }} as activity
    inner join {{ ref('fct_events') }} as events on activity.event_id = events.event_id
    where activity.activity_date > {{ as_of_date() }} - 30
    group by activity.household_id
),

features as (
    select
        household_id,
        sum(uses) filter (where tier = 'premium') as premium_uses_30,
        sum(uses) filter (where feature_name = '{{ var("analytics_feature") }}') as analytics_uses_30
    from {{ ref('int_feature_days') }}
    where activity_date > {{ as_of_date() }} - 30
    group by household_id
),

tasks as (
    select household_id, max_by(tasks, valid_from) as recurring_tasks
    from {{ ref('int_growth_recurring_tasks') }}
    where valid_from <= {{ as_of_date() }}
    group by household_id
),

tickets as (
    select household_id, count(*) as tickets_90
    from {{ ref('fct_support_tickets') }}
    where not is_merged and cast(created_at as date) > {{ as_of_date() }} - 90
    group by household_id
),

health as (
    select household_id, {{ var('primary_health_model') }} as health_score
    from {{ ref('int_health_overall') }}
    where is_current
),

counted as (
    select
        customers.*,
        {%- for column, relation in counts %}
        cast({{ activity_or_unknown(relation ~ '.' ~ column) }} as bigint) as {{ column }},
        {%- endfor %}
        {{ count_or_unknown('tasks.recurring_tasks', 'app', 'tasks') }} as recurring_tasks,
        {{ count_or_unknown('tickets.tickets_90', 'zendesk', 'ticket') }} as tickets_90,
        health.health_score
    from customers
    left join daily on customers.household_id = daily.household_id
    left join events on customers.household_id = events.household_id
    left join features on customers.household_id = features.household_id
    left join tasks on customers.household_id = tasks.household_id
    left join tickets on customers.household_id = tickets.household_id
    left join health on customers.household_id = health.household_id
)

select *, limit_hits_30 + premium_views_30 + premium_uses_30 as premium_clicks_30
from counted
