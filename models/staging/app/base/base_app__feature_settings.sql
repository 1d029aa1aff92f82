{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'feature_settings', key=['id'], own_date='changed_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id']) }}
