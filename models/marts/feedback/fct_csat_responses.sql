select
    response_id,
    household_id,
    ticket_id,
    score as csat_score,
    responded_at
from {{ ref('stg_survey__response') }}
where survey_type = 'CSAT'
