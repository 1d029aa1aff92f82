{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'advocacy_activities', key=['id'], own_date='completed_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id']) }}
