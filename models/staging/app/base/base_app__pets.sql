{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'pets', key=['id'], own_date='added_at') }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id'], ends=[('added_at', 'removed_at')]) }}
