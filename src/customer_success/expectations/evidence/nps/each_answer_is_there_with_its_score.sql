with here as (
    select
        strftime(survey_date, '%Y-%m') as month,
        count(*) as answers,
        sum(nps_score) as points,
        count(*) - count(nps_score) as unknown
    from analytics.fct_nps_surveys
    group by 1
),

there as (
    select
        strftime(responded_at, '%Y-%m') as month,
        count(*) as answers,
        sum(score) as points,
        count(*) - count(score) as unknown
    from staging.stg_survey__response
    where survey_type = 'NPS'
    group by 1
)

select
    month || ' answers' as item,
    here.answers as observed,
    there.answers as expected
from here
full join there using (month)
union all
select month || ' points', here.points, there.points
from here
full join there using (month)
union all
select month || ' unknown', here.unknown, there.unknown
from here
full join there using (month)
