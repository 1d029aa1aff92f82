select
    id as discount_id,
    type as discount_type,
    type_id as discount_type_id,
    coupon_id,
    household_id,
    customer_id,
    subscription_id,
    invoice_id,
    invoice_item_id,
    start_at,
    end_at,
    _fivetran_synced
from {{ ref('base_stripe__discount') }}
where row_class = 'staged'
