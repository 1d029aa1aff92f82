with there as (
    select strftime(responded_at, '%Y-%m') as month, count(*) as detractors
    from staging.stg_survey__response
    where survey_type = 'NPS' and score <= 6
    group by 1
),

here as (
    select strftime(r.responded_at, '%Y-%m') as month, count(distinct l.origin_id) as with_loop
    from staging.stg_survey__response as r
    inner join analytics.fct_feedback_loops as l
        on r.response_id = l.origin_id and l.origin = 'nps' and l.kind = 'resolution' and r.household_id = l.household_id
    where r.survey_type = 'NPS' and r.score <= 6
    group by 1
)

select coalesce(here.month, there.month) as item, coalesce(here.with_loop, 0) as observed, there.detractors as expected
from there
full join here using (month)
