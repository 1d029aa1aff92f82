{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'plan', key=['id']) }}
)

{{ with_row_class(
    'raw_rows',
    key=['id'],
    has_household=false,
    has_own_date=false,
    amounts=['unit_amount', 'unit_amount_decimal'],
    is_referred_to=true
) }}
