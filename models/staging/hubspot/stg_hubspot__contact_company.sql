select
    contact_id,
    company_id,
    _fivetran_synced
from {{ ref('base_hubspot__contact_company') }}
where row_class = 'staged'
