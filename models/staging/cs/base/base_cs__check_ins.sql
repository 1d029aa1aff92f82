{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'check_ins', key=['id'], own_date='check_in_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id']) }}
