with periods as (
    select period_grain, period_start, period_end
    from analytics.published_metrics
    where metric = 'nps' and segment_type = 'all'
)

select
    p.period_grain || ' ' || p.period_start as item,
    count(distinct a.household_id) as observed
from periods as p
left join staging.stg_survey__response as a
    on
        a.responded_at >= p.period_start
        and a.responded_at < p.period_end + interval 1 day
        and a.survey_type = 'NPS'
        and a.score is not null
group by 1
