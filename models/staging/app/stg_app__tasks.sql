select
    id as task_id,
    household_id,
    pet_id,
    category,
    is_recurring,
    created_at,
    due_at,
    {{ known_at_as_of_date('completed_at') }} as completed_at,
    {{ known_at_as_of_date('completed_at') }} is not null as is_completed,
    case when completed_at >= {{ as_of_end() }} then null else completed_by end as completed_by,
    {{ known_at_as_of_date('deleted_at') }} as deleted_at,
    _fivetran_synced
from {{ ref('base_app__tasks') }}
where row_class = 'staged'
