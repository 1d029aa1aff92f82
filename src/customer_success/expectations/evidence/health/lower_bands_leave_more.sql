with bands as (
    select band, rate, lag(rate) over (order by min_score desc) as above
    from analytics.rpt_health_backtest_bands
    inner join rules.health_bands using (health_model, band)
    where
        health_model = text_var('primary_health_model')
        and horizon_days = first_horizon()
        and population = 'all'
        and sample = 'own'
)

select
    band || ' leaves at ' || round(rate, 4) || ', the band above at ' || round(above, 4) as item,
    rate - above as observed
from bands
where above is not null
