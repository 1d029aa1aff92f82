select
    currency,
    date as rate_date,
    rate,
    _fivetran_synced
from {{ ref('base_meta__fx_rates') }}
where row_class = 'staged'
