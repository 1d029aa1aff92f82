{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'price', key=['id']) }}
)

{{ judged(
    'raw_rows',
    key=['id'],
    has_household=false,
    dated=false,
    amounts=['unit_amount'],
    currency=other_currency('currency')
) }}
