-- depends_on: {{ ref('stg_app__households') }}
{{ config(
    materialized='incremental',
    incremental_strategy='rebuild_from',
    on_schema_change='fail',
    meta={'date_column': 'activity_date'},
    post_hook="{{ note_applied() }}"
) }}

select
    activity.household_id,
    activity.feature_name,
    activity.activity_date,
    catalogue.tier,
    count(*) as uses
from {{ ref('fct_household_activity') }} as activity
left join {{ ref('features') }} as catalogue on activity.feature_name = catalogue.feature_name
where activity.feature_name is not null {% if is_incremental() %}and activity.activity_date >= {{ rebuild_from() }}{% endif %}
group by activity.household_id, activity.feature_name, activity.activity_date, catalogue.tier
