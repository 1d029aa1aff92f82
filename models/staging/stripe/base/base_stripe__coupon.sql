{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'coupon', key=['id']) }}
)

{{ with_row_class(
    'raw_rows',
    key=['id'],
    has_household=false,
    has_own_date=false,
    amounts=['amount_off', 'percent_off'],
    is_referred_to=true
) }}
