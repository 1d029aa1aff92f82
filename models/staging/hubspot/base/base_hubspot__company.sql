{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'company', key=['id']) }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id'], dated=false) }}
