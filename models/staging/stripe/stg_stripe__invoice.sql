select
    id as invoice_id,
    household_id,
    customer_id,
    subscription_id,
    status,
    lower(currency) as currency,
    {{ major_units('amount_due') }} as amount_due,
    {{ major_units('amount_paid') }} as amount_paid,
    attempt_count,
    created as created_at,
    period_start,
    period_end,
    _fivetran_synced
from {{ ref('base_stripe__invoice') }}
where row_class = 'staged'
