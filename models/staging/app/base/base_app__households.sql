{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('app', 'households', key=['id'], own_date='created_at') }}
)

{{ with_row_class('raw_rows', key=['id'], has_household=false, ends=[('created_at', 'closed_at')]) }}
