select
    id as engagement_id,
    company_id,
    household_id,
    contact_id,
    type as engagement_type,
    event as engagement_event,
    message_id,
    template,
    occurred_at,
    _fivetran_synced
from {{ ref('base_hubspot__engagement') }}
where row_class = 'staged'
