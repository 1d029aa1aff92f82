-- A household counts once a month, with its last scored answer.
with last_answers as (
    select
        strftime(responded_at, '%Y-%m') as month,
        household_id,
        max_by(score, (responded_at, response_id)) as score
    from staging.stg_survey__response
    where survey_type = 'NPS' and score is not null
    group by all
),

there as (
    select
        month,
        100.0 * (count(*) filter (where category = 'Promoter') - count(*) filter (where category = 'Detractor')) / count(*)
            as nps
    from last_answers
    inner join rules.nps_categories on score between min_score and max_score
    group by month
),

last_categories as (
    select
        strftime(survey_date, '%Y-%m') as month,
        household_id,
        max_by(nps_category, (responded_at, response_id)) as category
    from analytics.fct_nps_surveys
    where nps_category is not null
    group by all
),

here as (
    select
        month,
        100.0 * (count(*) filter (where category = 'Promoter') - count(*) filter (where category = 'Detractor')) / count(*)
            as nps
    from last_categories
    group by month
)

select
    month as item,
    here.nps as observed,
    there.nps as expected
from here
full join there using (month)
