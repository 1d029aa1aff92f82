select
    ticket_id,
    household_id,
    field_name,
    value as field_value,
    updated as updated_at,
    user_id as desk_user_id,
    _fivetran_synced
from {{ ref('base_zendesk__ticket_field_history') }}
where row_class = 'staged'
