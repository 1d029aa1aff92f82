select
    id as coupon_id,
    percent_off,
    currency,
    {{ major_units('amount_off') }} as amount_off,
    duration,
    duration_in_months,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_stripe__coupon') }}
where is_readable
