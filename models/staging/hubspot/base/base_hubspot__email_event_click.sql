{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'email_event_click', key=['id']) }}
)

{{ with_row_class('raw_rows', key=['id'], has_household=false, has_own_date=false) }}
