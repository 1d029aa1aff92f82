-- Expansion opportunities with the days on which they were open. Unknown until int_opportunity_spells is there.
select
    household_id,
    cast(null as date) as identified_at,
    cast(null as date) as status_at
from {{ ref('int_household_signups') }}
where false
