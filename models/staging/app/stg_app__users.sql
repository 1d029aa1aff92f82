select
    id as user_id,
    email,
    full_name,
    created_at,
    _fivetran_synced
from {{ ref('base_app__users') }}
where row_class = 'staged'
