{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'engagement_contact', key=['engagement_id', 'contact_id']) }}
)

{{ with_row_class('raw_rows', key=['engagement_id', 'contact_id'], has_household=false, has_own_date=false) }}
