-- Renewals that were expected at a moment: at as_of_date those ahead, and before each month that has begun those that it had.
with months as (
    select distinct cast({{ dbt.date_trunc('month', 'renewal_on') }} as date) as month_start
    from {{ ref('int_renewals') }}
    where renewal_on >= {{ as_of_date() }} - {{ var('renewal_days_behind') }}
),

scores as (
    select household_id, score_date, is_current, {{ var('primary_health_model') }} as health from {{ ref('int_health_overall') }}
),

sundays as (
    select household_id, score_date, health from scores where dayofweek(score_date) = 0
),

ahead as (
    select
        renewals.subscription_id,
        renewals.renewal_on,
        {{ as_of_date() }} as expected_on,
        renewals.mrr,
        coalesce(health.health_60d_before, scores.health) as health
    from {{ ref('int_renewals') }} as renewals
    left join {{ ref('int_renewal_health') }} as health
        on renewals.subscription_id = health.subscription_id and renewals.renewal_on = health.renewal_on
    left join scores on renewals.household_id = scores.household_id and scores.is_current
    where not renewals.is_settled and not renewals.is_cancellation_scheduled
),

before_months as (
    select
        periods.household_id,
        periods.subscription_id,
        periods.renewal_on,
        months.month_start - {{ var('renewal_forecast_days') }} as expected_on,
        periods.mrr
    from months
    inner join {{ ref('int_renewal_periods') }} as periods
        on
            cast({{ dbt.date_trunc('month', 'periods.renewal_on') }} as date) = months.month_start
            and periods.valid_from <= months.month_start - {{ var('renewal_forecast_days') }}
            and {{ open_end('periods.valid_until') }} > months.month_start - {{ var('renewal_forecast_days') }}
    where months.month_start <= {{ as_of_date() }} and not periods.is_cancellation_scheduled
),

expected as (
    select * from ahead
    union all
    select
        before_months.subscription_id,
        before_months.renewal_on,
        before_months.expected_on,
        before_months.mrr,
        case when sundays.score_date > before_months.expected_on - 7 then sundays.health end
    from before_months
    asof left join sundays
        on before_months.household_id = sundays.household_id and before_months.expected_on >= sundays.score_date
)

select *, {{ band_of(var('primary_health_model'), 'health') }} as health_band from expected
