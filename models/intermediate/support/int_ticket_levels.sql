with tickets as (
    select ticket_id, cast(created_at as date) as created_date from {{ ref('stg_zendesk__ticket') }}
),

-- The tags at the end of each day.
tag_history as (
    select
        ticket_id,
        cast(updated_at as date) as valid_from,
        max_by(coalesce(field_value, ''), updated_at) as tags
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'tags'
    group by ticket_id, cast(updated_at as date)
),

-- A ticket without tags in its field history has its current tags from its creation on.
all_tags as (
    select distinct ticket_id, valid_from, unnest(string_split(tags, ' ')) as tag from tag_history
    union
    select current_tags.ticket_id, date '1900-01-01', current_tags.tag
    from {{ ref('stg_zendesk__ticket_tag') }} as current_tags
    anti join tag_history on current_tags.ticket_id = tag_history.ticket_id
),

meanings as (
    select *, replace(tag_pattern, '*', '') as prefix, tag_pattern like '%*' as is_prefix from {{ ref('ticket_tags') }}
),

-- Tags set before the creation of a ticket count from its creation on, the latest of them. Those that no rule uses are kept, so
-- that the removal of all tags of a ticket is visible.
tags as (
    select
        all_tags.ticket_id,
        greatest(all_tags.valid_from, tickets.created_date) as valid_from,
        all_tags.tag in (select word from {{ ref('security_words') }} where kind = 'tag') as is_about_security,
        meanings.dimension,
        coalesce(meanings.value, substr(all_tags.tag, length(meanings.prefix) + 1)) as tag_value
    from all_tags
    inner join tickets on all_tags.ticket_id = tickets.ticket_id
    left join meanings
        on (meanings.is_prefix and starts_with(all_tags.tag, meanings.prefix)) or all_tags.tag = meanings.tag_pattern
    qualify
        all_tags.valid_from = max(all_tags.valid_from) over (
            partition by all_tags.ticket_id, greatest(all_tags.valid_from, tickets.created_date)
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
    bool_or(tags.is_about_security) as has_security_tag,
    count(*) filter (where tags.dimension = 'merged') > 0 as is_merged
from tags
left join levels on tags.tag_value = levels.level
group by tags.ticket_id, tags.valid_from
