-- Spells run forward and are open or closed, plans add up to no more than the households, evidence is not of the future.
select escalation_id
from {{ ref('fct_escalations') }}
where
    closed_on <= opened_on
    or closed_on > {{ as_of_date() }}
    or opened_on > {{ as_of_date() }}
    or is_open <> (closed_on is null)
    or free_households + premium_households + enterprise_households > households
    or latest_at >= {{ as_of_end() }}
    or first_reported_at > latest_at
    or mrr_at_risk < 0
    or change_30d < -1
    or len(sample_ticket_ids) not between 1 and least(tickets, {{ var('escalation_samples') }})
