-- A household speaks once in a period, with its last answer that has a score.
with last_answers as (
    select p.period_grain, p.period_start, a.household_id, max_by(a.score, (a.responded_at, a.response_id)) as score
    from analytics.published_metrics as p
    inner join staging.stg_survey__response as a
        on a.responded_at >= p.period_start and a.responded_at < p.period_end + interval 1 day
    where p.metric = 'nps' and p.segment_type = 'all' and a.survey_type = 'NPS' and a.score is not null
    group by all
),

there as (
    select
        period_grain, period_start,
        100.0 * sum(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) / count(*) as nps
    from last_answers group by all
)

select p.period_grain || ' ' || p.period_start as item, p.value as observed, there.nps as expected
from analytics.published_metrics as p
left join there using (period_grain, period_start)
where p.metric = 'nps' and p.segment_type = 'all'
