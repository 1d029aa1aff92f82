{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'company', key=['id']) }}
),

traced as (
    {{ with_household_state('raw_rows') }}
)

{{ with_quarantine_reason('traced', key=['id'], has_own_date=false) }}
