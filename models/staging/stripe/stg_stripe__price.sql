select
    id as price_id,
    product_id,
    currency,
    cast(coalesce(cast(unit_amount as decimal(28, 12)), unit_amount_decimal) * {{ minor_unit('currency') }} as decimal(28, 14))
        as unit_amount,
    recurring_interval as billing_interval,
    recurring_interval_count as billing_interval_count,
    type as price_type,
    billing_scheme,
    recurring_usage_type as usage_type,
    transform_quantity_divide_by,
    transform_quantity_round,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_stripe__price') }}
where is_readable
