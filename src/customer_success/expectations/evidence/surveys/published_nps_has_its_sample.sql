with there as (
    select p.period_grain, p.period_start, count(distinct a.household_id) as households
    from analytics.published_metrics as p
    left join staging.stg_survey__response as a
        on
            a.responded_at >= p.period_start and a.responded_at < p.period_end + interval 1 day
            and a.survey_type = 'NPS' and a.score is not null
    where p.metric = 'nps' and p.segment_type = 'all'
    group by all
)

select period_grain || ' ' || period_start as item, households as observed from there
