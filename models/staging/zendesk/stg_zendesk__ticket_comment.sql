select
    id as comment_id,
    ticket_id,
    household_id,
    user_id as desk_user_id,
    body,
    public as is_public,
    created as created_at,
    _fivetran_synced
from {{ ref('base_zendesk__ticket_comment') }}
where row_class = 'staged'
