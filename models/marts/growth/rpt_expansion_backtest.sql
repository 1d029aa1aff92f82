-- The interval of the lift is that of the logarithm of the ratio, its error linearised household by household
-- (customer_success.statistics.relative), so that a household on both sides is paired.
with households as (
    select
        *,
        sum(openings) over study as all_openings,
        sum(openings_won) over study as all_won,
        sum(base_weight) over study as all_weight,
        sum(base_weight_won) over study as all_weight_won
    from {{ ref('int_opportunity_backtest') }}
    window study as (partition by opportunity_type, horizon_days)
),

errors as (
    select
        *,
        cast(
            openings_won / nullif(all_won, 0) - openings / nullif(all_openings, 0)
            - (coalesce(base_weight_won / nullif(all_weight_won, 0), 0) - coalesce(base_weight / nullif(all_weight, 0), 0)) as double
        ) as part
    from households
),

summed as (
    select
        opportunity_type,
        horizon_days,
        cast(sum(openings) as bigint) as opened,
        cast(sum(openings_won) as bigint) as won,
        cast(sum(base_days) as bigint) as base_n,
        cast(sum(base_weight_won) / nullif(sum(base_weight), 0) as double) as base_rate,
        least(count(*) filter (where openings > 0), count(*) filter (where base_days > 0)) as fewest_households,
        sqrt(cast(sum(cast(part * part as decimal(38, 18))) as double)) as error
    from errors
    group by opportunity_type, horizon_days
),

compared as (
    select
        *,
        won / nullif(opened, 0) as rate,
        case when fewest_households >= 2 and won > 0 and base_rate > 0 then won / opened / base_rate end as lift
    from summed
)

{%- set factor = 'exp(' ~ var('normal_quantile_975') ~ ' * error)' %}

select
    types.opportunity_type,
    horizons.horizon_days,
    coalesce(compared.opened, 0) as opened,
    coalesce(compared.won, 0) as won,
    compared.rate,
    {{ wilson_bound('compared.won', 'compared.opened', '-') }} as ci_low,
    {{ wilson_bound('compared.won', 'compared.opened', '+') }} as ci_high,
    coalesce(compared.base_n, 0) as base_n,
    compared.base_rate,
    compared.lift,
    case when compared.error > {{ var('no_variation') }} then compared.lift / {{ factor }} end as lift_ci_low,
    case when compared.error > {{ var('no_variation') }} then compared.lift * {{ factor }} end as lift_ci_high,
    case when compared.error > {{ var('no_variation') }} then compared.lift / {{ factor }} > 1 end as is_useful
from {{ ref('opportunity_types') }} as types
cross join (select unnest({{ var('opportunity_horizons') }}) as horizon_days) as horizons
left join compared
    on types.opportunity_type = compared.opportunity_type and horizons.horizon_days = compared.horizon_days
