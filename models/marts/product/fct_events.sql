-- depends_on: {{ ref('stg_app__households') }}
{{ config(materialized='incremental', meta={'date_column': 'event_date'}) }}

select
    event_id,
    household_id,
    user_id,
    event_name as event,
    event_at,
    event_date,
    received_at,
    feature_name,
    pet_id,
    task_id,
    page
from {{ ref('stg_product__events') }}
{% if is_incremental() -%}
where event_date >= {{ first_day() }}
{%- endif %}
