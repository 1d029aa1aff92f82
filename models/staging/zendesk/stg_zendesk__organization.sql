select
    id as organization_id,
    household_id,
    name as organization_name,
    row_class = 'deleted' as is_deleted,
    _fivetran_synced
from {{ ref('base_zendesk__organization') }}
where is_readable
