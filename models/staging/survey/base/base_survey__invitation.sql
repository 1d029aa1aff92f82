{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('survey', 'invitation', key=['id'], own_date='sent_at') }}
),

traced as (
    {{ traced_to_household('raw_rows') }}
)

{{ judged('traced', key=['id']) }}
