select
    engagement_id,
    company_id,
    household_id,
    contact_id,
    happened_at,
    _fivetran_synced
from {{ ref('base_hubspot__engagement_call') }}
where row_class = 'staged'
