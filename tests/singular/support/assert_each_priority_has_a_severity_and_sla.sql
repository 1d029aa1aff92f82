-- Each pair of urgency and impact has a priority, and each priority has a severity and SLA targets.
with pairs as (
    select urgency.level as urgency, impact.level as impact
    from {{ ref('ticket_levels') }} as urgency
    cross join {{ ref('ticket_levels') }} as impact
)

select pairs.urgency, pairs.impact, priorities.priority, slas.severity
from pairs
left join {{ ref('ticket_priorities') }} as priorities
    on pairs.urgency = priorities.urgency and pairs.impact = priorities.impact
left join {{ ref('ticket_slas') }} as slas on priorities.priority = slas.priority
where priorities.priority is null or slas.severity is null
