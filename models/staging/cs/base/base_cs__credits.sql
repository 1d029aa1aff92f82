{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'credits', key=['id'], own_date='created_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], ends=[('created_at', 'expires_at')], amounts=['amount']) }}
