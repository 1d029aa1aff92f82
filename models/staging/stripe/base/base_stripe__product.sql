{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'product', key=['id']) }}
)

{{ with_quarantine_reason('raw_rows', key=['id'], has_household=false, has_own_date=false) }}
