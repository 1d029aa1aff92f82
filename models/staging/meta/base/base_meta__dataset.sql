{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('meta', 'dataset', key=['name'], order_by='generated_at') }}
)

{{ judged('raw_rows', key=['name'], has_household=false, dated=false) }}
