{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'customer', key=['id'], own_date='created') }}
),

named as (
    select *, case when json_valid(metadata) then json_extract_string(metadata, '$.household_id') end as household_id
    from raw_rows
),

traced as (
    {{ with_household_state('named') }}
)

{{ with_quarantine_reason('traced', key=['id']) }}
