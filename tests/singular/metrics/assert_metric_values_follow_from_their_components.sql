-- A value equals numerator / denominator (times 100 for NPS; the numerator for a total) and lies within its interval if the
-- interval has a closed form (bootstrap bounds are random).
with metric_values as (
    select * from {{ ref('fct_metric_values') }}
),

definitions as (
    select metric, unit from {{ ref('dim_metrics') }}
),

recomputed as (
    select
        metric_values.*,
        case
            when definitions.unit = 'currency' then cast(metric_values.numerator as double)
            else
                {{ safe_ratio('metric_values.numerator', 'metric_values.denominator') }}
                * case when definitions.unit = 'points' then 100 else 1 end
        end as made_of_parts
    from metric_values
    inner join definitions on metric_values.metric = definitions.metric
)

select *
from recomputed
where
    (raw_value is null) <> (made_of_parts is null)
    or abs(raw_value - made_of_parts) > 1e-9 * greatest(1, abs(made_of_parts))
    or (ci_low is null) <> (ci_high is null)
    or (
        ci_method <> 'bootstrap_households'
        and raw_value not between ci_low - 1e-9 * greatest(1, abs(raw_value)) and ci_high + 1e-9 * greatest(1, abs(raw_value))
    )
