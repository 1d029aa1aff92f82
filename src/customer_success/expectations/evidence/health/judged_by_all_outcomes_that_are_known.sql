-- Outcomes within 30 days are known 30 more days later: so many scores are there to be judged by them.
with scores as (
    select count(*) as n, max(score_date) as latest
    from analytics.fct_health_scores
    where
        health_model = 'value_v2'
        and overall_score is not null
        and score_date + 60 <= as_of()
        and extract(isodow from score_date) = 7
),

judged as (
    select n
    from analytics.rpt_health_backtest
    where health_model = 'value_v2' and horizon_days = 30 and population = 'all' and sample = 'own'
)

select
    'scores judged' as item,
    coalesce((select n from judged), 0) as observed,
    n as expected
from scores
union all
select 'days beyond a month since the latest judged score could be', 0, greatest(as_of() - 60 - latest - 31, 0)
from scores
where latest is not null
