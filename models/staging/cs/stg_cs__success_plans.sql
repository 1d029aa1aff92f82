select
    id as plan_id,
    household_id,
    status,
    created_at,
    review_cadence,
    _fivetran_synced
from {{ ref('base_cs__success_plans') }}
where row_class = 'staged'
