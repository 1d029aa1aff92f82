{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'company', key=['id']) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], has_own_date=false) }}
