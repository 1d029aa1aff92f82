-- Each pair of urgency and impact has a priority, and each priority, those of Zendesk included, has a severity and SLA targets.
with pairs as (
    select urgency.level as urgency, impact.level as impact
    from {{ ref('ticket_levels') }} as urgency
    cross join {{ ref('ticket_levels') }} as impact
),

priorities as (
    select concat(pairs.urgency, '/', pairs.impact) as given, priorities.priority
    from pairs
    left join {{ ref('ticket_priorities') }} as priorities
        on pairs.urgency = priorities.urgency and pairs.impact = priorities.impact
    union all
    select zendesk_priority, priority
    from {{ ref('zendesk_priorities') }}
)

select priorities.given, priorities.priority, slas.severity
from priorities
left join {{ ref('ticket_slas') }} as slas on priorities.priority = slas.priority
where priorities.priority is null or slas.severity is null
