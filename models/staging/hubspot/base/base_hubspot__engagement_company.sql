{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'engagement_company', key=['engagement_id', 'company_id']) }}
)

{{ with_row_class('raw_rows', key=['engagement_id', 'company_id'], has_household=false, has_own_date=false) }}
