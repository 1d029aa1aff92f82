select
    ticket_id,
    household_id,
    tag,
    _fivetran_synced
from {{ ref('base_zendesk__ticket_tag') }}
where row_class = 'staged'
