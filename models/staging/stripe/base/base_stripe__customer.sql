{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'customer', key=['id'], own_date='created') }}
),

named as (
    select *, {{ metadata_value('metadata', var('stripe_household_keys')) }} as household_id
    from raw_rows
),

with_household as (
    {{ with_household_state('named') }}
)

{{ with_row_class('with_household', key=['id'], is_referred_to=true) }}
