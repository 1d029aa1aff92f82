{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'review_requests', key=['id'], own_date='requested_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], other={'bad_value': 'platform is null'}) }}
