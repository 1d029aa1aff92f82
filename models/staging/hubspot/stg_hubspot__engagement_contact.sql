select
    engagement_id,
    contact_id,
    _fivetran_synced
from {{ ref('base_hubspot__engagement_contact') }}
where row_class = 'staged'
