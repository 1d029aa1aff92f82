-- A household is in one stage at a time: each spell ends on the day on which the next one begins, the last one is open.
select household_id, spell_number
from {{ ref('fct_lifecycle_stages') }}
qualify
    left_on is distinct from lead(entered_on) over (partition by household_id order by spell_number)
    or left_on <= entered_on
    or is_current <> (left_on is null)
