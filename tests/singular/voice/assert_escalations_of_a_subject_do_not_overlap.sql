-- A subject has one open spell per rule at a time.
select later.escalation_id
from {{ ref('fct_escalations') }} as earlier
inner join {{ ref('fct_escalations') }} as later
    on
        earlier.rule = later.rule
        and earlier.subject = later.subject
        and earlier.opened_on < later.opened_on
        and {{ open_end('earlier.closed_on') }} >= later.opened_on
