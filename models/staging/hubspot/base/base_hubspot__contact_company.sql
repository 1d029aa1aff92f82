{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'contact_company', key=['contact_id', 'company_id']) }}
)

{{ with_row_class('raw_rows', key=['contact_id', 'company_id'], has_household=false, has_own_date=false) }}
