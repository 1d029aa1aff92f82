select
    id as credit_id,
    household_id,
    amount,
    currency,
    reason,
    reference_id,
    created_at,
    expires_at,
    _fivetran_synced
from {{ ref('base_cs__credits') }}
where row_class = 'staged'
