{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'user', key=['id']) }}
)

{{ judged('raw_rows', key=['id'], has_household=false, dated=false) }}
