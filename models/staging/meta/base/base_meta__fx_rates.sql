{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('meta', 'fx_rates', key=['currency', 'date'], own_date='date') }}
)

{{ with_row_class('raw_rows', key=['currency', 'date'], has_household=false, amounts=['rate']) }}
