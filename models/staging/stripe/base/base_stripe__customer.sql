{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'customer', key=['id'], own_date='created') }}
),

named as (
    select *, case when json_valid(metadata) then json_extract_string(metadata, '$.household_id') end as household_id
    from raw_rows
),

traced as (
    {{ traced_to_household('named') }}
)

{{ judged('traced', key=['id']) }}
