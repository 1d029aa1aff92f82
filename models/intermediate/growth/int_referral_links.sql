-- What two households of a referral have in common.
with referrals as (
    select referral_id, referrer_household_id, referred_household_id
    from {{ ref('stg_cs__referrals') }}
    where referred_household_id is not null
),

persons as (
    select * from {{ ref('int_referral_addresses') }}
),

public_domains as (
    select domain from {{ ref('public_email_domains') }}
),

pairs as (
    select
        referrals.referral_id,
        referrals.referrer_household_id = referrals.referred_household_id
        or coalesce(ours.user_id = theirs.user_id or ours.address = theirs.address, false) as is_same_person,
        coalesce(
            ours.domain = theirs.domain and ours.domain not in (select domain from public_domains), false
        ) as is_same_company
    from referrals
    left join persons as ours on referrals.referrer_household_id = ours.household_id
    left join persons as theirs on referrals.referred_household_id = theirs.household_id
)

select referral_id, bool_or(is_same_person) as is_self_referral, bool_or(is_same_company) as needs_review
from pairs
group by referral_id
