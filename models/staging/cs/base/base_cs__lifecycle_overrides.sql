{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'lifecycle_overrides', key=['id'], own_date='set_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], other={'bad_value': is_unknown_word('stage', 'lifecycle_stages')}) }}
