with referrals as (
    select * from {{ ref('stg_cs__referrals') }}
),

signups as (
    select household_id, signup_date from {{ ref('int_household_signups') }}
),

links as (
    select * from {{ ref('int_referral_links') }}
),

conversions as (
    select * from {{ ref('int_referral_conversions') }}
),

rewards as (
    select * from {{ ref('int_referral_rewards') }}
),

credits as (
    select distinct reference_id from {{ ref('stg_cs__credits') }} where reference_id is not null
),

traced as (
    select
        referrals.*,
        signups.signup_date,
        conversions.converted_at,
        coalesce(links.is_self_referral, referrals.referrer_household_id = referrals.referred_household_id, false) as is_self_referral,
        coalesce(links.needs_review, false) as needs_review,
        rewards.reward_due_at,
        credits.reference_id is not null as is_rewarded
    from referrals
    left join signups on referrals.referred_household_id = signups.household_id
    left join links on referrals.referral_id = links.referral_id
    left join conversions on referrals.referral_id = conversions.referral_id
    left join rewards on referrals.referral_id = rewards.referral_id
    left join credits on md5('referral|' || referrals.referral_id) = credits.reference_id
)

select
    referral_id,
    referrer_household_id,
    referred_household_id,
    created_at,
    signup_date as signed_up_at,
    converted_at,
    case
        when is_rewarded then 'rewarded'
        when converted_at is not null then 'converted'
        when signup_date is not null then 'signed_up'
        else 'pending'
    end as status,
    is_self_referral,
    needs_review,
    case when not is_self_referral then reward_due_at end as reward_due_at
from traced
