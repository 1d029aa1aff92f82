-- The tags that stood at the end of a day.
with tag_history as (
    select
        ticket_id,
        cast(updated_at as date) as valid_from,
        max_by(coalesce(field_value, ''), updated_at) as tags
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'tags'
    group by ticket_id, cast(updated_at as date)
),

-- A ticket whose field history holds no tags shows those it carries now, from its beginning on.
tags as (
    select distinct ticket_id, valid_from, unnest(string_split(tags, ' ')) as tag from tag_history
    union
    select present.ticket_id, date '1900-01-01', present.tag
    from {{ ref('stg_zendesk__ticket_tag') }} as present
    anti join tag_history on present.ticket_id = tag_history.ticket_id
),

meanings as (
    select *, replace(tag_pattern, '*', '') as prefix, tag_pattern like '%*' as is_prefix from {{ ref('ticket_tags') }}
)

-- Tags without a meaning stay, so that a ticket that has lost its tags is seen to have none.
select
    tags.ticket_id,
    tags.valid_from,
    tags.tag,
    coalesce(meanings.dimension, 'none') as dimension,
    coalesce(meanings.value, substr(tags.tag, length(meanings.prefix) + 1)) as tag_value
from tags
left join meanings
    on (meanings.is_prefix and starts_with(tags.tag, meanings.prefix)) or tags.tag = meanings.tag_pattern
