select
    id as price_id,
    product_id,
    lower(currency) as currency,
    {{ major_units('unit_amount') }} as unit_amount,
    recurring_interval as billing_interval,
    recurring_interval_count as billing_interval_count,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_stripe__price') }}
where is_readable
