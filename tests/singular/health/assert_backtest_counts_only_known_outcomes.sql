-- Recounts the rows and leavers of the back-test from scores and churn spells by a plain join.
with counted as (
    select
        scores.health_model,
        horizons.days as horizon_days,
        count(*) as n,
        count(*) filter (
            where exists (
                select 1
                from {{ ref('fct_churn_events') }} as churn
                where
                    churn.household_id = scores.household_id
                    and churn.churned_at > scores.score_date
                    and churn.left_at <= scores.score_date + cast(horizons.days as integer)
            )
        ) as churned
    from {{ ref('fct_health_scores') }} as scores
    cross join (select unnest({{ var('backtest_horizons') }}) as days) as horizons
    where
        scores.overall_score is not null
        and scores.score_date + cast(horizons.days as integer) + {{ var('churn_inactivity_days') }} <= {{ as_of_date() }}
    group by scores.health_model, horizons.days
)

select counted.*, backtest.n as backtest_n, backtest.churned as backtest_churned
from counted
full join (
    select * from {{ ref('rpt_health_backtest') }} where population = 'all' and sample = 'own'
) as backtest
    on counted.health_model = backtest.health_model and counted.horizon_days = backtest.horizon_days
where
    (coalesce(counted.n, 0) is distinct from backtest.n) or (coalesce(counted.churned, 0) is distinct from backtest.churned)
