select
    id as criterion_id,
    plan_id,
    household_id,
    name as criterion_name,
    metric,
    baseline,
    target,
    deadline,
    created_at,
    _fivetran_synced
from {{ ref('base_cs__success_criteria') }}
where row_class = 'staged'
