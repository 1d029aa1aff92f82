-- The tags at the end of each day.
with tag_history as (
    select
        ticket_id,
        cast(updated_at as date) as valid_from,
        max_by(coalesce(field_value, ''), updated_at) as tags
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'tags'
    group by ticket_id, cast(updated_at as date)
),

-- A ticket without tags in its field history has its current tags from its creation on.
tags as (
    select distinct ticket_id, valid_from, unnest(string_split(tags, ' ')) as tag from tag_history
    union
    select current_tags.ticket_id, date '1900-01-01', current_tags.tag
    from {{ ref('stg_zendesk__ticket_tag') }} as current_tags
    anti join tag_history on current_tags.ticket_id = tag_history.ticket_id
),

meanings as (
    select *, replace(tag_pattern, '*', '') as prefix, tag_pattern like '%*' as is_prefix from {{ ref('ticket_tags') }}
)

-- Tags that no rule uses are kept, so that the removal of all tags of a ticket is visible.
select
    tags.ticket_id,
    tags.valid_from,
    tags.tag,
    coalesce(meanings.dimension, 'none') as dimension,
    coalesce(meanings.value, substr(tags.tag, length(meanings.prefix) + 1)) as tag_value
from tags
left join meanings
    on (meanings.is_prefix and starts_with(tags.tag, meanings.prefix)) or tags.tag = meanings.tag_pattern
