with tag_history as (
    select ticket_id, field_value, updated_at
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'tags'
),

latest_tags as (
    select ticket_id, max_by(coalesce(field_value, ''), updated_at) as tags
    from tag_history
    group by ticket_id
),

-- A ticket whose field history holds no tags shows the tags it carries now.
tags as (
    select distinct ticket_id, unnest(string_split(tags, ' ')) as tag from latest_tags
    union
    select present.ticket_id, present.tag
    from {{ ref('stg_zendesk__ticket_tag') }} as present
    anti join latest_tags on present.ticket_id = latest_tags.ticket_id
),

meanings as (
    select *, replace(tag_pattern, '*', '') as prefix, tag_pattern like '%*' as is_prefix from {{ ref('ticket_tags') }}
)

select
    tags.ticket_id,
    tags.tag,
    meanings.dimension,
    coalesce(meanings.value, substr(tags.tag, length(meanings.prefix) + 1)) as tag_value
from tags
inner join meanings
    on (meanings.is_prefix and starts_with(tags.tag, meanings.prefix)) or tags.tag = meanings.tag_pattern
