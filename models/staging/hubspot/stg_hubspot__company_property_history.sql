select
    company_id,
    household_id,
    name as property_name,
    value as property_value,
    changed_at,
    _fivetran_synced
from {{ ref('base_hubspot__company_property_history') }}
where row_class = 'staged'
