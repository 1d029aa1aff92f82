select
    member_id,
    household_id,
    user_id,
    role,
    joined_at,
    left_at,
    left_at is null as is_current
from {{ ref('stg_app__household_members') }}
