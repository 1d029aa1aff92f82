{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'owner', key=['id']) }}
)

{{ judged('raw_rows', key=['id'], has_household=false, dated=false) }}
