select
    id as charge_id,
    household_id,
    customer_id,
    invoice_id,
    {{ major_units('amount') }} as amount,
    lower(currency) as currency,
    status,
    failure_code,
    created as created_at,
    _fivetran_synced
from {{ ref('base_stripe__charge') }}
where row_class = 'staged'
