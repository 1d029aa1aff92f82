with measures as (
    select * from {{ ref('ml_health_backtest') }}
),

differences as (
    select * from measures where measure = 'auc_against_primary'
),

lifts as (
    select * from measures where measure = 'lift_worst_decile'
)

select
    areas.health_model,
    cast(areas.horizon_days as integer) as horizon_days,
    areas.population,
    areas.sample,
    cast(areas.n as bigint) as n,
    cast(areas."left" as bigint) as churned,
    {{ nan_to_null('areas.value') }} as auc,
    {{ nan_to_null('areas.ci_low') }} as auc_ci_low,
    {{ nan_to_null('areas.ci_high') }} as auc_ci_high,
    {{ nan_to_null('lifts.value') }} as lift_worst_decile,
    {{ nan_to_null('lifts.ci_low') }} as lift_ci_low,
    {{ nan_to_null('lifts.ci_high') }} as lift_ci_high,
    {{ nan_to_null('differences.value') }} as auc_against_primary,
    {{ nan_to_null('differences.ci_low') }} as auc_against_primary_ci_low,
    {{ nan_to_null('differences.ci_high') }} as auc_against_primary_ci_high,
    {{ nan_to_null('differences.p_value') }} as auc_against_primary_p_value,
    cast(areas.reason as varchar) as reason
from measures as areas
inner join lifts
    on
        areas.health_model = lifts.health_model
        and areas.horizon_days = lifts.horizon_days
        and areas.population = lifts.population
        and areas.sample = lifts.sample
left join differences
    on
        areas.health_model = differences.health_model
        and areas.horizon_days = differences.horizon_days
        and areas.population = differences.population
        and areas.sample = differences.sample
where areas.measure = 'auc'
