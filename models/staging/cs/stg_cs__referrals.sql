select
    id as referral_id,
    household_id as referrer_household_id,
    referral_code,
    case when not is_referred_later then referred_household_id end as referred_household_id,
    created_at,
    _fivetran_synced
from {{ ref('base_cs__referrals') }}
where row_class = 'staged'
