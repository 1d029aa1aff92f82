select
    id as member_id,
    household_id,
    user_id,
    role,
    joined_at,
    {{ visible('left_at') }} as left_at,
    cast(joined_at as date) as joined_date,
    cast({{ visible('left_at') }} as date) as left_date,
    _fivetran_synced
from {{ ref('base_app__household_members') }}
where quarantine_reason is null and not is_later
