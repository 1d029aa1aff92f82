select
    id as check_in_id,
    household_id,
    check_in_at,
    check_in_type,
    initiated_by,
    _fivetran_synced
from {{ ref('base_cs__check_ins') }}
where row_class = 'staged'
