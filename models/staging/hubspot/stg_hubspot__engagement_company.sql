select
    engagement_id,
    company_id,
    _fivetran_synced
from {{ ref('base_hubspot__engagement_company') }}
where row_class = 'staged'
