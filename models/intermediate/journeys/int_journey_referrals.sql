-- Conversions of referrals that are no self-referrals. Unknown until fct_referrals is there.
select
    household_id,
    cast(null as date) as converted_on
from {{ ref('int_household_signups') }}
where false
