-- Each period of a household ends where the next begins; the last is open.
select
    household_id,
    valid_from,
    valid_until,
    lead(valid_from) over (partition by household_id order by valid_from) as next_from
from {{ ref('int_household_plan_periods') }}
qualify valid_until is distinct from next_from or valid_from >= valid_until
