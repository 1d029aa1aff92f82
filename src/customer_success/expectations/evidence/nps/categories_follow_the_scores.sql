with here as (
    select response_id, nps_category as category
    from analytics.fct_nps_surveys
),

there as (
    select
        response_id,
        case
            when score >= 9 then 'Promoter'
            when score >= 7 then 'Passive'
            when score >= 0 then 'Detractor'
        end as category
    from staging.stg_survey__response
    where survey_type = 'NPS'
)

select
    coalesce(there.category, 'no score') || ' by score, ' || coalesce(here.category, 'none') || ' in the mart' as item,
    count(*) filter (where here.category is not distinct from there.category) as observed,
    count(*) as expected
from here
full join there using (response_id)
group by all
