select
    id as customer_id,
    household_id,
    email,
    name as customer_name,
    created as created_at,
    _fivetran_synced
from {{ ref('base_stripe__customer') }}
where quarantine_reason is null and not is_later
