with successful as (
    select referrer_household_id as household_id, created_at
    from {{ ref('fct_referrals') }}
    where
        not is_self_referral
        and converted_at > {{ as_of_date() }} - {{ var('leaderboard_days') }}
        and converted_at <= {{ as_of_date() }}
),

counted as (
    select household_id, count(*) as successful_referrals, max(created_at) as last_referral_at
    from successful
    group by household_id
)

select
    rank() over (order by successful_referrals desc) as place,
    household_id,
    successful_referrals,
    last_referral_at
from counted
