select
    canonical_vid as surviving_contact_id,
    vid_to_merge as merged_contact_id,
    merged_at,
    _fivetran_synced
from {{ ref('base_hubspot__contact_merge_audit') }}
where row_class = 'staged'
