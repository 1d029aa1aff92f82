{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'feature_settings', key=['id'], own_date='changed_at') }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id']) }}
