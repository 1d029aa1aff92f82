{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'csms', key=['email']) }}
)

{{ with_row_class('raw_rows', key=['email'], has_household=false, has_own_date=false) }}
