with uses as (
    select
        *,
        {{ safe_ratio('customers_using', 'n') }} as share_using,
        {{ wilson_bound('customers_using', 'n', '-') }} as share_low,
        {{ wilson_bound('customers_using', 'n', '+') }} as share_high,
        {{ safe_ratio('uses', 'n') }} * 30 / {{ var('premium_study_days') }} as uses_per_month
    from {{ ref('int_premium_feature_use') }}
),

-- Newcombe's interval for the difference of two proportions, from their Wilson intervals (1998, method 10).
differences as (
    select
        downgraded.feature_name,
        downgraded.share_using - stayed.share_using as difference,
        sqrt(power(downgraded.share_using - downgraded.share_low, 2) + power(stayed.share_high - stayed.share_using, 2))
            as below,
        sqrt(power(downgraded.share_high - downgraded.share_using, 2) + power(stayed.share_using - stayed.share_low, 2))
            as above
    from uses as downgraded
    inner join uses as stayed on downgraded.feature_name = stayed.feature_name
    where downgraded.customer_type = 'downgraded' and stayed.customer_type = 'stayed'
),

-- Departures are known for all households once the inactivity period that defines churn has passed.
departures as (
    select
        households.customer_type,
        count(distinct households.household_id) as departures_known,
        count(distinct spells.household_id) as departed
    from {{ ref('int_premium_leavers') }} as households
    left join {{ ref('fct_churn_events') }} as spells
        on
            households.household_id = spells.household_id
            and spells.churned_at > households.studied_date
            and spells.left_at <= households.studied_date + {{ var('premium_study_days') }}
    where households.studied_date + {{ var('premium_study_days') + var('churn_inactivity_days') }} <= {{ as_of_date() }}
    group by households.customer_type
)

select
    uses.customer_type,
    uses.feature_name,
    uses.n,
    uses.customers_using,
    uses.share_using,
    uses.uses_per_month,
    differences.difference,
    differences.difference - differences.below as ci_low,
    differences.difference + differences.above as ci_high,
    coalesce(departures.departures_known, 0) as departures_known,
    coalesce(departures.departed, 0) as departed,
    {{ safe_ratio('departures.departed', 'departures.departures_known') }} as departed_share
from uses
inner join differences on uses.feature_name = differences.feature_name
left join departures on uses.customer_type = departures.customer_type
