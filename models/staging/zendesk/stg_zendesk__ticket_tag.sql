select
    ticket_id,
    household_id,
    tag,
    _fivetran_synced
from {{ ref('base_zendesk__ticket_tag') }}
where quarantine_reason is null and not is_later
