select
    health_model,
    cast(horizon_days as integer) as horizon_days,
    population,
    sample,
    band,
    cast(n as bigint) as n,
    cast("left" as bigint) as left_count,
    {{ figure('value') }} as rate,
    {{ figure('ci_low') }} as ci_low,
    {{ figure('ci_high') }} as ci_high,
    cast(reason as varchar) as reason
from {{ ref('ml_health_backtest') }}
where measure = 'band_rate'
