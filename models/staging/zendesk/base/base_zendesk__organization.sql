{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'organization', key=['id']) }}
),

named as (
    select *, external_id as household_id from raw_rows
),

with_household as (
    {{ with_household_state('named') }}
)

{{ with_row_class('with_household', key=['id'], has_own_date=false, is_referred_to=true) }}
