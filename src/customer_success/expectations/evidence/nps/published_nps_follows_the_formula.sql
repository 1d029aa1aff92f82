-- A household counts once in a period, with its last scored answer.
with periods as (
    select period_grain, period_start, period_end, value
    from analytics.published_metrics
    where metric = 'nps' and segment_type = 'all'
),

last_answers as (
    select p.period_grain, p.period_start, a.household_id, max_by(a.score, (a.responded_at, a.response_id)) as score
    from periods as p
    inner join staging.stg_survey__response as a
        on a.responded_at >= p.period_start and a.responded_at < p.period_end + interval 1 day
    where a.survey_type = 'NPS' and a.score is not null
    group by all
),

there as (
    select
        period_grain,
        period_start,
        100.0 * (count(*) filter (where category = 'Promoter') - count(*) filter (where category = 'Detractor')) / count(*)
            as nps
    from last_answers
    inner join rules.nps_categories on score between min_score and max_score
    group by all
)

select
    period_grain || ' ' || period_start as item,
    periods.value as observed,
    there.nps as expected
from periods
left join there using (period_grain, period_start)
