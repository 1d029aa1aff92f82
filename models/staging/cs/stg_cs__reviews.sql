select
    id as review_id,
    household_id,
    platform,
    rating,
    submitted_at,
    _fivetran_synced
from {{ ref('base_cs__reviews') }}
where row_class = 'staged'
