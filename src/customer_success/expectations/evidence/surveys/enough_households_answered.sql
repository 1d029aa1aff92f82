select
    survey_type as item,
    count(distinct household_id) as observed
from staging.stg_survey__response
where responded_at >= as_of() - 89 and score is not null and survey_type in ('NPS', 'CSAT')
group by survey_type
