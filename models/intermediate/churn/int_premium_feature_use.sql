with households as (
    select * from {{ ref('int_premium_leavers') }}
),

features as (
    select feature_name from {{ ref('features') }} where tier = 'premium'
),

types as (
    select unnest(['downgraded', 'stayed']) as customer_type
),

sizes as (
    select types.customer_type, count(households.household_id) as n
    from types
    left join households on types.customer_type = households.customer_type
    group by types.customer_type
),

uses as (
    select
        households.customer_type,
        days.feature_name,
        count(distinct households.household_id) as customers_using,
        cast(sum(days.uses) as bigint) as uses
    from households
    inner join {{ ref('int_feature_days') }} as days
        on
            households.household_id = days.household_id
            and days.activity_date >= households.studied_date - {{ var('premium_study_days') }}
            and days.activity_date < households.studied_date
    group by households.customer_type, days.feature_name
)

select
    sizes.customer_type,
    features.feature_name,
    sizes.n,
    {{ activity_or_unknown('uses.customers_using') }} as customers_using,
    {{ activity_or_unknown('uses.uses') }} as uses
from sizes
cross join features
left join uses on sizes.customer_type = uses.customer_type and features.feature_name = uses.feature_name
