-- depends_on: {{ ref('stg_app__households') }}
{{ config(materialized='incremental', meta={'date_column': 'login_date'}) }}

with activity as (
    select * from {{ ref('fct_household_activity') }}
    {% if is_incremental() -%}
    where activity_date >= {{ first_day() }} and login_at >= {{ first_day() }}
    {%- endif %}
),

catalogue as (
    select feature_name from {{ ref('features') }}
)

select
    activity.session_id,
    any_value(activity.household_id) as household_id,
    any_value(activity.user_id) as user_id,
    any_value(activity.login_at) as login_at,
    any_value(activity.logout_at) as logout_at,
    cast(any_value(activity.login_at) as date) as login_date,
    any_value(activity.session_duration_minutes) as session_duration_minutes,
    count(*) as event_count,
    count(distinct catalogue.feature_name) as features_used_count
from activity
left join catalogue on activity.feature_name = catalogue.feature_name
group by activity.session_id
