select
    id as company_id,
    household_id,
    case when assigned_at >= {{ as_of_end() }} then null else owner_id end as owner_id,
    {{ known_at_as_of_date('assigned_at') }} as assigned_at,
    _fivetran_synced
from {{ ref('base_hubspot__company') }}
where row_class = 'staged'
