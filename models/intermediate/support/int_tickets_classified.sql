with tickets as (
    select ticket_id, cast(created_at as date) as created_date from {{ ref('stg_zendesk__ticket') }}
),

tags as (
    select tags.* replace (greatest(tags.valid_from, tickets.created_date) as valid_from)
    from {{ ref('int_ticket_tags') }} as tags
    inner join tickets on tags.ticket_id = tickets.ticket_id
),

levels as (
    select level, level_rank from {{ ref('ticket_levels') }}
),

-- A ticket has no tags before its first tag event.
versions as (
    select ticket_id, created_date as valid_from from tickets
    union
    select ticket_id, valid_from from tags
),

-- Of several tags of one dimension, the highest level counts.
described as (
    select
        tags.ticket_id,
        tags.valid_from,
        min(tags.tag_value) filter (where tags.dimension = 'category') as category,
        max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'urgency') as urgency,
        max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'impact') as impact,
        min(tags.tag_value) filter (where tags.dimension = 'issue') as issue_key,
        string_agg(tags.tag_value, ', ' order by tags.tag_value) filter (where tags.dimension = 'competitor')
            as competitor_mentioned,
        count(*) filter (where tags.dimension = 'escalated') > 0 as is_escalated
    from tags
    left join levels on tags.tag_value = levels.level
    group by tags.ticket_id, tags.valid_from
),

priorities as (
    select urgency, impact, priority from {{ ref('ticket_priorities') }}
),

slas as (
    select * from {{ ref('ticket_slas') }}
)

select
    versions.ticket_id,
    versions.valid_from,
    lead(versions.valid_from) over (partition by versions.ticket_id order by versions.valid_from) as valid_until,
    described.category,
    described.urgency,
    described.impact,
    described.issue_key,
    described.competitor_mentioned,
    {% if source_is_present('zendesk', 'ticket_tag') -%}
    coalesce(described.is_escalated, false)
    {%- else -%}
    -- The past tags of a ticket without tags in its history are unknown.
    case when tagged.ticket_id is not null then coalesce(described.is_escalated, false) end
    {%- endif %} as is_escalated,
    described.urgency is null or described.impact is null as is_priority_assumed,
    priorities.priority,
    slas.severity,
    slas.response_sla_hours,
    slas.resolution_sla_hours
from versions
left join described
    on versions.ticket_id = described.ticket_id and (versions.valid_from is not distinct from described.valid_from)
left join (select distinct ticket_id from tags) as tagged on versions.ticket_id = tagged.ticket_id
left join priorities
    on
        priorities.urgency = case when described.impact is null then 'Assumed' else coalesce(described.urgency, 'Assumed') end
        and priorities.impact = case when described.urgency is null then 'Assumed' else coalesce(described.impact, 'Assumed') end
left join slas on priorities.priority = slas.priority
