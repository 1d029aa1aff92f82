{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'check_ins', key=['id'], own_date='check_in_at') }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id']) }}
