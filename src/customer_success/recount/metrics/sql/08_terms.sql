-- What the tags of a ticket say from one moment until the next; without any of its own in the history, those it has now.
create table recount.tag_terms as
with tag_lists as (
    select
        ticket_id,
        updated,
        lead(updated, 1, timestamp '9999-12-31') over (partition by ticket_id order by updated) as until,
        string_split_regex(trim(coalesce(value, '')), '\s+') as tags
    from raw_kept.zendesk__ticket_field_history
    where field_name = 'tags'
    union all
    select tag.ticket_id, timestamp '0001-01-01', timestamp '9999-12-31', list(tag.tag)
    from raw_kept.zendesk__ticket_tag as tag
    where tag.ticket_id not in (
        select ticket_id from raw_kept.zendesk__ticket_field_history where field_name = 'tags'
    )
    group by 1
),

tagged as (
    select ticket_id, updated, until, unnest(tags) as tag
    from tag_lists
)

-- Of several tags of one dimension the highest counts.
select
    tagged.ticket_id,
    tagged.updated,
    tagged.until,
    max_by(levels.level, levels.level_rank) filter (where level_tags.dimension = 'urgency') as urgency,
    max_by(levels.level, levels.level_rank) filter (where level_tags.dimension = 'impact') as impact,
    count(*) filter (where level_tags.dimension = 'merged') > 0 as is_merged
from tagged
left join recount.level_tags
    on tagged.tag = level_tags.prefix
    or (level_tags.is_prefix and starts_with(tagged.tag, level_tags.prefix))
left join recount.ticket_levels as levels
    on coalesce(level_tags.value, substr(tagged.tag, length(level_tags.prefix) + 1)) = levels.level
group by 1, 2, 3;

-- The desk's own priority from one moment until the next, in the same way.
create table recount.desk_terms as
select
    ticket_id,
    updated,
    lead(updated, 1, timestamp '9999-12-31') over (partition by ticket_id order by updated) as until,
    value as zendesk_priority
from raw_kept.zendesk__ticket_field_history
where field_name = 'priority'
union all
select id, timestamp '0001-01-01', timestamp '9999-12-31', priority
from raw_kept.zendesk__ticket
where id not in (select ticket_id from raw_kept.zendesk__ticket_field_history where field_name = 'priority');
