select
    id as subscription_id,
    household_id,
    customer_id,
    price_id,
    quantity,
    status,
    current_period_start,
    current_period_end,
    cancel_at_period_end,
    canceled_at,
    ended_at,
    trial_start,
    trial_end,
    _fivetran_start as valid_from,
    _fivetran_synced
from {{ ref('base_stripe__subscription_history') }}
where row_class = 'staged'
