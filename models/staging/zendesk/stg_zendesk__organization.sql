select
    id as organization_id,
    household_id,
    name as organization_name,
    _fivetran_synced
from {{ ref('base_zendesk__organization') }}
where quarantine_reason is null and not is_later
