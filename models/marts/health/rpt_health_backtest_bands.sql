select
    health_model,
    cast(horizon_days as integer) as horizon_days,
    population,
    sample,
    band,
    cast(n as bigint) as n,
    cast("left" as bigint) as left_count,
    {{ nan_to_null('value') }} as rate,
    {{ nan_to_null('ci_low') }} as ci_low,
    {{ nan_to_null('ci_high') }} as ci_high,
    cast(reason as varchar) as reason
from {{ ref('ml_health_backtest') }}
where measure = 'band_rate'
