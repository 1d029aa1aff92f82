-- The number of answers with each score, including null, equals that of the survey tool.
with given as (
    select survey_type, score, count(*) as answers
    from {{ ref('stg_survey__response') }}
    where survey_type in ('NPS', 'CSAT')
    group by survey_type, score
),

kept as (
    select 'NPS' as survey_type, nps_score as score, count(*) as answers from {{ ref('fct_nps_surveys') }} group by nps_score
    union all
    select 'CSAT', csat_score, count(*) from {{ ref('fct_csat_responses') }} group by csat_score
)

select
    coalesce(given.survey_type, kept.survey_type) as survey_type,
    coalesce(given.score, kept.score) as score,
    given.answers as given_answers,
    kept.answers as kept_answers
from given
full join kept on given.survey_type = kept.survey_type and given.score is not distinct from kept.score
where given.answers is distinct from kept.answers
