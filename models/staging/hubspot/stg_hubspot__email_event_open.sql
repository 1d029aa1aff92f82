select
    id as email_event_id,
    _fivetran_synced
from {{ ref('base_hubspot__email_event_open') }}
where row_class = 'staged'
