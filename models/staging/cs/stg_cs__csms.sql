select
    email,
    role,
    specialization,
    regions,
    portfolio_size,
    _fivetran_synced
from {{ ref('base_cs__csms') }}
where row_class = 'staged'
