select
    id as email_event_id,
    company_id,
    household_id,
    contact_id,
    type as event_type,
    email_campaign_id,
    sent_by_id,
    created as happened_at,
    _fivetran_synced
from {{ ref('base_hubspot__email_event') }}
where row_class = 'staged'
