with referrals as (
    select * from {{ ref('fct_referrals') }} where reward_due_at <= {{ as_of_date() }}
),

kinds as (
    select reward as kind, amount, months from {{ ref('growth_rewards') }} where program = 'referral' and is_enabled
),

credits as (
    select distinct reference_id from {{ ref('stg_cs__credits') }} where reference_id is not null
),

rewards as (
    select
        md5(kinds.kind || '|' || referrals.referral_id) as reward_id,
        case when kinds.kind = 'referral' then referrals.referrer_household_id else referrals.referred_household_id end
            as household_id,
        kinds.kind,
        kinds.amount,
        kinds.months,
        referrals.reward_due_at as due_at
    from referrals
    cross join kinds
)

select
    rewards.*,
    case
        when credits.reference_id is not null then 'granted'
        when rewards.due_at + {{ var('reward_valid_days') }} < {{ as_of_date() }} then 'expired'
        else 'due'
    end as status
from rewards
left join credits on rewards.reward_id = credits.reference_id
