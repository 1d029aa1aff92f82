{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('meta', 'dataset', key=['name'], loaded_at='generated_at') }}
)

{{ with_row_class('raw_rows', key=['name'], has_household=false, has_own_date=false) }}
