-- A reward is that of a referral which is none of oneself, once per kind.
select rewards.reward_id
from {{ ref('fct_rewards_due') }} as rewards
left join {{ ref('fct_referrals') }} as referrals on rewards.reward_id = md5(rewards.kind || '|' || referrals.referral_id)
where referrals.referral_id is null or referrals.is_self_referral or referrals.converted_at is null
