select
    id as member_id,
    household_id,
    user_id,
    role,
    joined_at,
    {{ known_at_as_of_date('left_at') }} as left_at,
    cast(joined_at as date) as joined_date,
    cast({{ known_at_as_of_date('left_at') }} as date) as left_date,
    _fivetran_synced
from {{ ref('base_app__household_members') }}
where row_class = 'staged'
