select
    id as override_id,
    household_id,
    stage,
    set_at,
    reason_code,
    _fivetran_synced
from {{ ref('base_cs__lifecycle_overrides') }}
where row_class = 'staged'
