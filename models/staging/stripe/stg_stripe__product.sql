select
    id as product_id,
    name as product_name,
    _fivetran_synced
from {{ ref('base_stripe__product') }}
where quarantine_reason is null and not is_later
