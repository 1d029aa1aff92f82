select
    types.item,
    count(distinct answers.household_id) as observed
from (values ('NPS'), ('CSAT')) as types (item)
left join staging.stg_survey__response as answers
    on types.item = answers.survey_type and answers.responded_at >= as_of() - int_var('trailing_days') + 1 and answers.score is not null
where exists (select 1 from staging.stg_survey__response)
group by types.item
