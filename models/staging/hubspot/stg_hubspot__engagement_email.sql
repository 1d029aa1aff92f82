select
    engagement_id,
    company_id,
    household_id,
    contact_id,
    type as email_type,
    happened_at,
    _fivetran_synced
from {{ ref('base_hubspot__engagement_email') }}
where row_class = 'staged'
