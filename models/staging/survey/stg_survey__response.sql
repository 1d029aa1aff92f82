select
    id as response_id,
    invitation_id,
    survey_type,
    household_id,
    user_id,
    ticket_id,
    cast(score as integer) as score,
    comment,
    responded_at,
    _fivetran_synced
from {{ ref('base_survey__response') }}
where row_class = 'staged'
