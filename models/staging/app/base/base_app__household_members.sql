{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'household_members', key=['id'], own_date='joined_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], ends=[('joined_at', 'left_at')]) }}
