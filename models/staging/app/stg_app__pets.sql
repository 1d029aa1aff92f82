select
    id as pet_id,
    household_id,
    name as pet_name,
    species,
    born_on,
    added_at,
    {{ known_at_as_of_date('removed_at') }} as removed_at,
    cast(added_at as date) as added_date,
    cast({{ known_at_as_of_date('removed_at') }} as date) as removed_date,
    _fivetran_synced
from {{ ref('base_app__pets') }}
where row_class = 'staged'
