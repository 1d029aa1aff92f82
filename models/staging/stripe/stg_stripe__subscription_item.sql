select
    id as subscription_item_id,
    subscription_id,
    household_id,
    -- Stripe gives a plan the id of its price.
    coalesce(price_id, plan_id) as price_id,
    quantity,
    current_period_start,
    current_period_end,
    created as created_at,
    -- The first items were there from the beginning of the subscription.
    case
        when created > min(created) over (partition by subscription_id) then cast(created as date)
        else date '1900-01-01'
    end as item_from,
    _fivetran_synced
from {{ ref('base_stripe__subscription_item') }}
where row_class = 'staged'
