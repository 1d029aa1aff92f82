-- A reward is that of a referral which is none of oneself, once per kind, and belongs to the household of its side.
with expected as (
    select kinds.kind, referrals.*, md5(kinds.kind || '|' || referrals.referral_id) as reward_id
    from {{ ref('fct_referrals') }} as referrals
    cross join (select distinct kind from {{ ref('fct_rewards_due') }}) as kinds
)

select rewards.reward_id
from {{ ref('fct_rewards_due') }} as rewards
left join expected on rewards.reward_id = expected.reward_id
where
    expected.referral_id is null
    or expected.is_self_referral
    or expected.converted_at is null
    or rewards.kind is distinct from expected.kind
    or rewards.household_id is distinct from case rewards.kind
        when 'referral' then expected.referrer_household_id else expected.referred_household_id
    end
