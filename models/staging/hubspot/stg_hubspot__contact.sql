select
    id as contact_id,
    company_id,
    household_id,
    email,
    full_name,
    buying_role,
    created_at,
    {{ known_at_as_of_date('left_at') }} as left_at,
    _fivetran_synced
from {{ ref('base_hubspot__contact') }}
where row_class = 'staged'
