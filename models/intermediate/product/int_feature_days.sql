-- depends_on: {{ ref('stg_app__households') }}
{{ config(materialized='incremental', meta={'date_column': 'activity_date'}) }}

select
    activity.household_id,
    activity.feature_name,
    activity.activity_date,
    catalogue.tier,
    count(*) as uses
from {{ ref('fct_household_activity') }} as activity
left join {{ ref('features') }} as catalogue on activity.feature_name = catalogue.feature_name
where activity.feature_name is not null {% if is_incremental() %}and activity.activity_date >= {{ first_day() }}{% endif %}
group by activity.household_id, activity.feature_name, activity.activity_date, catalogue.tier
