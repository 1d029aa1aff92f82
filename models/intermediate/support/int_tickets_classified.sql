with tags as (
    select * from {{ ref('int_ticket_tags') }}
),

levels as (
    select level, level_rank from {{ ref('ticket_levels') }}
),

-- Several tags of one dimension: the highest counts.
described as (
    select
        tags.ticket_id,
        min(tags.tag_value) filter (where tags.dimension = 'category') as category,
        max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'urgency') as urgency,
        max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'impact') as impact,
        min(tags.tag_value) filter (where tags.dimension = 'issue') as issue_key,
        string_agg(tags.tag_value, ', ' order by tags.tag_value) filter (where tags.dimension = 'competitor')
            as competitor_mentioned,
        count(*) filter (where tags.dimension = 'escalated') > 0 as is_escalated
    from tags
    left join levels on tags.tag_value = levels.level
    group by tags.ticket_id
),

priorities as (
    select urgency, impact, priority from {{ ref('ticket_priorities') }}
),

slas as (
    select * from {{ ref('ticket_slas') }}
)

select
    tickets.ticket_id,
    described.category,
    described.urgency,
    described.impact,
    described.issue_key,
    described.competitor_mentioned,
    coalesce(described.is_escalated, false) as is_escalated,
    described.urgency is null or described.impact is null as is_priority_assumed,
    priorities.priority,
    slas.severity,
    slas.response_sla_hours,
    slas.resolution_sla_hours
from {{ ref('stg_zendesk__ticket') }} as tickets
left join described on tickets.ticket_id = described.ticket_id
left join priorities
    on
        priorities.urgency = case when described.impact is null then 'Assumed' else coalesce(described.urgency, 'Assumed') end
        and priorities.impact = case when described.urgency is null then 'Assumed' else coalesce(described.impact, 'Assumed') end
left join slas on priorities.priority = slas.priority
