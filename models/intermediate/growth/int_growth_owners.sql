-- The manager of each household. Unknown until fct_csm_assignments is there.
select
    household_id,
    cast(null as varchar) as owner_id
from {{ ref('int_household_signups') }}
where false
