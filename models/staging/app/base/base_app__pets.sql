{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'pets', key=['id'], own_date='added_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], ends=[('added_at', 'removed_at')]) }}
