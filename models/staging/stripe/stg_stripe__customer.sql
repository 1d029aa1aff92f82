select
    id as customer_id,
    household_id,
    email,
    name as customer_name,
    created as created_at,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_stripe__customer') }}
where is_readable
