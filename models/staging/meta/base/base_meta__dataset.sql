{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('meta', 'dataset', key=['name'], order_by='generated_at') }}
)

{{ with_quarantine_reason('raw_rows', key=['name'], has_household=false, has_own_date=false) }}
