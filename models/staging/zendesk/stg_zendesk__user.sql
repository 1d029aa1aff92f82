select
    id as desk_user_id,
    email,
    external_id as user_id,
    organization_id,
    role,
    _fivetran_synced
from {{ ref('base_zendesk__user') }}
where quarantine_reason is null and not is_later
