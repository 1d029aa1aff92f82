{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'household_members', key=['id'], own_date='joined_at') }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id'], ends=[('joined_at', 'left_at')]) }}
