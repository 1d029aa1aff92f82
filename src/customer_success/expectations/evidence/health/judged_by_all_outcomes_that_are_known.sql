-- Whether a household left within a horizon is known once the horizon and the longest silence after it are over.
with settings as (
    select
        text_var('primary_health_model') as health_model,
        first_horizon() as horizon_days,
        first_horizon() + int_var('churn_inactivity_days') as days_to_know
),

scores as (
    select count(*) as n, max(score_date) as latest
    from analytics.fct_health_scores
    inner join settings using (health_model)
    where
        overall_score is not null
        and score_date + days_to_know <= as_of()
        and extract(isodow from score_date) = 7
),

counted as (
    select n
    from analytics.rpt_health_backtest
    inner join settings using (health_model, horizon_days)
    where population = 'all' and sample = 'own'
)

select
    'scores counted' as item,
    coalesce((select n from counted), 0) as observed,
    n as expected
from scores
union all
select
    'days beyond a month since the latest counted score could be',
    0,
    greatest(as_of() - settings.days_to_know - scores.latest - 31, 0)
from scores
cross join settings
where scores.latest is not null
