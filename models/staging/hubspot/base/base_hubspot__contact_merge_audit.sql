{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'contact_merge_audit', key=['canonical_vid', 'vid_to_merge'], own_date='merged_at') }}
)

{{ with_row_class('raw_rows', key=['canonical_vid', 'vid_to_merge'], has_household=false) }}
