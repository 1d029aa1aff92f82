select
    id as request_id,
    household_id,
    platform,
    requested_at,
    _fivetran_synced
from {{ ref('base_cs__review_requests') }}
where row_class = 'staged'
