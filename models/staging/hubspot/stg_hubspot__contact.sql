with contacts as (
    select
        *,
        row_class = 'deleted' as is_deleted,
        -- A contact that the CRM deleted has left when the connector saw it; deleted at an unknown time, it was never there.
        coalesce(left_at, case when row_class = 'deleted' then coalesce(_fivetran_synced, created_at) end) as gone_at
    from {{ ref('base_hubspot__contact') }}
    where is_readable
)

select
    id as contact_id,
    company_id,
    household_id,
    email,
    coalesce(full_name, nullif(trim(concat_ws(' ', first_name, last_name)), '')) as full_name,
    buying_role,
    created_at,
    {{ known_at_as_of_date('gone_at') }} as left_at,
    is_deleted,
    _fivetran_synced
from contacts
