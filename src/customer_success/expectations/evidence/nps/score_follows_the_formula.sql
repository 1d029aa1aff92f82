-- A household speaks once a month, with its last answer that has a score.
with periods as (
    select distinct date_trunc('month', responded_at) as month from staging.stg_survey__response
    where survey_type = 'NPS'
),

last_answers as (
    select
        date_trunc('month', responded_at) as month, household_id, max_by(score, (responded_at, response_id))
            as score
    from staging.stg_survey__response where survey_type = 'NPS' and score is not null group by all
),

there as (
    select month, 100.0 * sum(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) / count(*) as nps
    from last_answers group by month
),

last_categories as (
    select
        date_trunc('month', survey_date) as month, household_id,
        max_by(nps_category, (responded_at, response_id)) as category
    from analytics.fct_nps_surveys where nps_category is not null group by all
),

here as (
    select
        month, 100.0 * (
            count(*) filter (where category = 'Promoter')
            - count(*) filter (where category = 'Detractor')
        ) / count(*
        ) as nps
    from last_categories group by month
)

select strftime(month, '%Y-%m') as item, here.nps as observed, there.nps as expected
from periods left join here using (month) left join there using (month)
