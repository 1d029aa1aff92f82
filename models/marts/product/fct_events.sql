-- depends_on: {{ ref('stg_app__households') }}
{{ config(
    materialized='incremental',
    incremental_strategy='rebuild_from',
    on_schema_change='fail',
    meta={'date_column': 'event_date', 'scopes': ['events']},
    post_hook="{{ note_applied() }}"
) }}

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
where event_date >= {{ rebuild_from(['events']) }}
{%- endif %}
