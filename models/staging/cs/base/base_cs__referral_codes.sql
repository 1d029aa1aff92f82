{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'referral_codes', key=['referral_code'], own_date='issued_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['referral_code']) }}
