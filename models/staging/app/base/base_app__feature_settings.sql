{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'feature_settings', key=['id'], own_date='changed_at') }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_quarantine_reason('with_household', key=['id']) }}
