select
    id as product_id,
    name as product_name,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_stripe__product') }}
where is_readable
