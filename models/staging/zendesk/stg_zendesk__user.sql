select
    id as desk_user_id,
    email,
    external_id as user_id,
    organization_id,
    role,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_zendesk__user') }}
where is_readable
