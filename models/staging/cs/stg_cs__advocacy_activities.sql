select
    id as activity_id,
    household_id,
    activity,
    completed_at,
    _fivetran_synced
from {{ ref('base_cs__advocacy_activities') }}
where row_class = 'staged'
