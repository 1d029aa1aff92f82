{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'product', key=['id']) }}
)

{{ judged('raw_rows', key=['id'], has_household=false, dated=false) }}
