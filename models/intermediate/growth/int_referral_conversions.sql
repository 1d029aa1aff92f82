-- The first paying day of a referred household on or after the referral. One that paid the day before was a customer already.
with referrals as (
    select referral_id, referred_household_id as household_id, cast(created_at as date) as created_on
    from {{ ref('stg_cs__referrals') }}
    where referred_household_id is not null
),

paying as (
    select household_id, valid_from, {{ open_end('valid_until') }} as valid_until
    from {{ ref('int_household_plan_periods') }}
    where is_paying
),

found as (
    select
        referrals.referral_id,
        min(greatest(paying.valid_from, referrals.created_on)) filter (where paying.valid_until > referrals.created_on) as paid_from,
        bool_or(referrals.created_on - 1 >= paying.valid_from and referrals.created_on - 1 < paying.valid_until) as paid_before
    from referrals
    inner join paying on referrals.household_id = paying.household_id
    group by referrals.referral_id
)

select referral_id, paid_from as converted_at
from found
where not paid_before and paid_from is not null
