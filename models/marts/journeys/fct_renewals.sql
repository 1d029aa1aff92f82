with renewals as (
    select *
    from {{ ref('int_renewals') }}
    where
        renewal_on between {{ as_of_date() }} - {{ var('renewal_days_behind') }}
        and {{ as_of_date() }} + {{ var('renewal_days_ahead') }}
),

health as (
    select * from {{ ref('int_renewal_health') }}
),

scores as (
    select household_id, {{ var('primary_health_model') }} as health_now from {{ ref('int_health_overall') }} where is_current
),

probabilities as (
    select * from {{ ref('int_renewal_probabilities') }} where expected_on = {{ as_of_date() }}
),

owners as (
    select household_id, owner_id from {{ ref('fct_csm_assignments') }}
)

select
    renewals.household_id,
    renewals.subscription_id,
    renewals.renewal_on,
    renewals.mrr,
    owners.owner_id,
    health.health_90d_before,
    health.health_60d_before,
    health.health_30d_before,
    scores.health_now,
    case
        when renewals.is_settled and not renewals.has_renewed then 'not_renewed'
        when renewals.is_settled and renewals.mrr_after < renewals.mrr then 'renewed_smaller'
        when renewals.is_settled and renewals.mrr_after > renewals.mrr then 'expanded'
        when renewals.is_settled and renewals.mrr_after = renewals.mrr then 'renewed'
        when not renewals.is_settled and renewals.is_cancellation_scheduled then 'cancellation_scheduled'
        when not renewals.is_settled then 'ahead'
    end as status,
    probabilities.probability,
    probabilities.probability_n,
    probabilities.probability_ci_low,
    probabilities.probability_ci_high,
    cast(probabilities.probability * renewals.mrr as double) as forecast_mrr
from renewals
left join health on renewals.subscription_id = health.subscription_id and renewals.renewal_on = health.renewal_on
left join scores on renewals.household_id = scores.household_id
left join probabilities
    on renewals.subscription_id = probabilities.subscription_id and renewals.renewal_on = probabilities.renewal_on
left join owners on renewals.household_id = owners.household_id
