select
    id as owner_id,
    email,
    full_name,
    role,
    specialization,
    regions,
    portfolio_size,
    _fivetran_synced
from {{ ref('base_hubspot__owner') }}
where quarantine_reason is null and not is_later
