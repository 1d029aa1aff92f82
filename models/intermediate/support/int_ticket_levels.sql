with tickets as (
    select ticket_id, cast(created_at as date) as created_date from {{ ref('stg_zendesk__ticket') }}
),

-- Tags set before the creation of a ticket count from its creation on, the latest of them.
tags as (
    select tags.* replace (greatest(tags.valid_from, tickets.created_date) as valid_from)
    from {{ ref('int_ticket_tags') }} as tags
    inner join tickets on tags.ticket_id = tickets.ticket_id
    qualify
        tags.valid_from = max(tags.valid_from) over (
            partition by tags.ticket_id, greatest(tags.valid_from, tickets.created_date)
        )
),

levels as (
    select level, level_rank from {{ ref('ticket_levels') }}
)

-- Of several tags of one dimension, the highest level counts.
select
    tags.ticket_id,
    tags.valid_from,
    min(tags.tag_value) filter (where tags.dimension = 'category') as category,
    max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'urgency') as urgency,
    max_by(tags.tag_value, levels.level_rank) filter (where tags.dimension = 'impact') as impact,
    min(tags.tag_value) filter (where tags.dimension = 'issue') as issue_key,
    string_agg(tags.tag_value, ', ' order by tags.tag_value) filter (where tags.dimension = 'competitor')
        as competitor_mentioned,
    count(*) filter (where tags.dimension = 'escalated') > 0 as is_escalated,
    count(*) filter (where tags.dimension = 'merged') > 0 as is_merged
from tags
left join levels on tags.tag_value = levels.level
group by tags.ticket_id, tags.valid_from
