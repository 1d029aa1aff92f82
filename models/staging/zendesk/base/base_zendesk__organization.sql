{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'organization', key=['id']) }}
),

named as (
    select *, external_id as household_id from raw_rows
),

traced as (
    {{ traced_to_household('named') }}
)

{{ judged('traced', key=['id'], dated=false) }}
