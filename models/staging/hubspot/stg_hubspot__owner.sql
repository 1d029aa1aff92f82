select
    id as owner_id,
    email,
    coalesce(full_name, nullif(trim(concat_ws(' ', first_name, last_name)), '')) as full_name,
    role,
    specialization,
    regions,
    portfolio_size,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_hubspot__owner') }}
where is_readable
