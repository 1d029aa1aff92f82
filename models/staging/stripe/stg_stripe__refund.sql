select
    id as refund_id,
    household_id,
    charge_id,
    {{ major_units('amount') }} as amount,
    lower(currency) as currency,
    status,
    created as created_at,
    _fivetran_synced
from {{ ref('base_stripe__refund') }}
where row_class = 'staged'
