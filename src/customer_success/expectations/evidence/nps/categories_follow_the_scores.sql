with here as (
    select response_id, nps_category as category
    from analytics.fct_nps_surveys
),

there as (
    select
        response_id,
        category
    from staging.stg_survey__response
    left join rules.nps_categories on score between min_score and max_score
    where survey_type = 'NPS'
)

select
    coalesce(there.category, 'no score') || ' by score, ' || coalesce(here.category, 'none') || ' in the mart' as item,
    count(*) filter (where here.category is not distinct from there.category) as observed,
    count(*) as expected
from here
full join there using (response_id)
group by all
