select
    engagement_id,
    company_id,
    household_id,
    contact_id,
    title,
    outcome,
    happened_at,
    _fivetran_synced
from {{ ref('base_hubspot__engagement_meeting') }}
where row_class = 'staged'
