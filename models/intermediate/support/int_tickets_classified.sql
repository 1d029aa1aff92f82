with tickets as (
    select ticket_id, cast(created_at as date) as created_date, is_listed_as_merged from {{ ref('stg_zendesk__ticket') }}
),

levels as (
    select * from {{ ref('int_ticket_levels') }}
),

desk_priorities as (
    select * from {{ ref('int_ticket_desk_priorities') }}
),

-- A ticket has no tags before its first tag event.
versions as (
    select ticket_id, created_date as valid_from from tickets
    union
    select ticket_id, valid_from from levels
    union
    select ticket_id, valid_from from desk_priorities
),

-- Where one of the two tags is missing Zendesk's own priority counts; without it the priority is assumed.
described as (
    select
        versions.ticket_id,
        versions.valid_from,
        levels.* exclude (ticket_id, valid_from, is_merged),
        tickets.is_listed_as_merged or coalesce(levels.is_merged, false) as is_merged,
        case
            when levels.urgency is not null and levels.impact is not null then concat(levels.urgency, '/', levels.impact)
            else coalesce(desk_priorities.desk_priority, 'Assumed/Assumed')
        end as given
    from versions
    inner join tickets on versions.ticket_id = tickets.ticket_id
    asof left join levels on versions.ticket_id = levels.ticket_id and versions.valid_from >= levels.valid_from
    asof left join desk_priorities
        on versions.ticket_id = desk_priorities.ticket_id and versions.valid_from >= desk_priorities.valid_from
),

priorities as (
    select concat(urgency, '/', impact) as given, priority from {{ ref('ticket_priorities') }}
    union all
    select zendesk_priority, priority from {{ ref('zendesk_priorities') }}
),

slas as (
    select * from {{ ref('ticket_slas') }}
)

select
    described.ticket_id,
    described.valid_from,
    lead(described.valid_from) over (partition by described.ticket_id order by described.valid_from) as valid_until,
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
    described.is_merged,
    described.given = 'Assumed/Assumed' as is_priority_assumed,
    priorities.priority,
    slas.severity,
    slas.response_sla_hours,
    slas.resolution_sla_hours
from described
left join (select distinct ticket_id from levels) as tagged on described.ticket_id = tagged.ticket_id
left join priorities on described.given = priorities.given
left join slas on priorities.priority = slas.priority
