select
    id as household_id,
    name as household_name,
    owner_user_id,
    region,
    created_at,
    cast(created_at as date) as signup_date,
    {{ known_at_as_of_date('closed_at') }} as closed_at,
    cast({{ known_at_as_of_date('closed_at') }} as date) as closed_date,
    acquisition_channel,
    _fivetran_synced
from {{ ref('base_app__households') }}
where quarantine_reason is null and not is_later
