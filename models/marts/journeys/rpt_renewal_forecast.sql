with renewals as (
    select *, cast({{ dbt.date_trunc('month', 'renewal_on') }} as date) as month_start
    from {{ ref('int_renewals') }}
    where
        renewal_on between {{ as_of_date() }} - {{ var('renewal_days_behind') }}
        and {{ as_of_date() }} + {{ var('renewal_days_ahead') }}
),

counted as (
    select
        month_start,
        count(*) filter (where is_settled or not is_cancellation_scheduled) as renewals,
        count(*) filter (where not is_settled and is_cancellation_scheduled) as cancellations_scheduled,
        {{ sum_if_known('mrr', 'is_settled or not is_cancellation_scheduled') }} as mrr,
        case when bool_and(is_settled) then {{ sum_if_known('mrr_after', 'true') }} end as renewed_mrr
    from renewals
    group by month_start
),

expected as (
    select *, cast({{ dbt.date_trunc('month', 'renewal_on') }} as date) as month_start
    from {{ ref('int_renewal_probabilities') }}
),

-- A month that has begun is forecast from before it, one ahead from as_of_date.
forecast as (
    select
        month_start,
        max(settled_renewals) as settled_renewals,
        {{ sum_if_known('cast(probability * mrr as double)', 'true') }} as forecast_mrr,
        sum(mrr) as mrr,
        sqrt(sum(mrr * mrr * probability * (1 - probability))) as standard_error
    from expected
    where
        renewal_on <= {{ as_of_date() }} + {{ var('renewal_days_ahead') }}
        and expected_on = case
            when month_start <= {{ as_of_date() }} then month_start - {{ var('renewal_forecast_days') }} else {{ as_of_date() }}
        end
    group by month_start
)

{%- set spread = var('normal_quantile_975') ~ ' * forecast.standard_error' %}

-- The interval is that of a sum of independent renewals, each with its own probability: the normal approximation of the
-- Poisson-binomial distribution (Le Cam 1960), with MRR as weights.
select
    counted.month_start,
    counted.renewals,
    counted.cancellations_scheduled,
    counted.mrr,
    forecast.forecast_mrr,
    case when forecast.forecast_mrr is not null then greatest(0, forecast.forecast_mrr - {{ spread }}) end as ci_low,
    case when forecast.forecast_mrr is not null then least(forecast.mrr, forecast.forecast_mrr + {{ spread }}) end as ci_high,
    counted.renewed_mrr,
    case
        when forecast.month_start is null then 'no renewal was expected'
        when forecast.settled_renewals < {{ var('renewal_min_sample') }}
            then 'needs {{ var("renewal_min_sample") }} settled renewals, has ' || forecast.settled_renewals
        when forecast.forecast_mrr is null then 'the MRR of a renewal is unknown'
    end as note
from counted
left join forecast on counted.month_start = forecast.month_start
