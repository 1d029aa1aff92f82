select
    id as email_event_id,
    subject,
    _fivetran_synced
from {{ ref('base_hubspot__email_event_sent') }}
where row_class = 'staged'
