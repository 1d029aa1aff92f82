with households as (
    select * from {{ ref('base_app__households') }}
    where row_class = 'staged'
)

select
    id as household_id,
    name as household_name,
    owner_user_id,
    -- One spelling per region: that of the first in the alphabet.
    min(nullif(trim(region), '')) over (partition by lower(trim(region))) as region,
    created_at,
    cast(created_at as date) as signup_date,
    {{ known_at_as_of_date('closed_at') }} as closed_at,
    cast({{ known_at_as_of_date('closed_at') }} as date) as closed_date,
    acquisition_channel,
    _fivetran_synced
from households
