select
    id as invitation_id,
    survey_type,
    household_id,
    user_id,
    trigger,
    channel,
    sent_at,
    _fivetran_synced
from {{ ref('base_survey__invitation') }}
where row_class = 'staged'
