-- A change to solved or closed solves a ticket that is not solved; any other reopens one that is.
create table recount.solutions as
with statuses as (
    select
        ticket_id,
        updated,
        value,
        value in ('solved', 'closed') as is_solved,
        lag(value in ('solved', 'closed'), 1, false) over (
            partition by ticket_id order by updated, value
        ) as was_solved
    from raw_kept.zendesk__ticket_field_history
    where field_name = 'status'
),

turns as (
    select
        ticket_id,
        updated,
        is_solved,
        lead(updated, 1, timestamp '9999-12-31') over (partition by ticket_id order by updated, value)
            as until,
        count(*) filter (where not is_solved)
            over (partition by ticket_id order by updated, value rows unbounded preceding) as reopenings
    from statuses
    where is_solved <> was_solved
)

select ticket_id, updated as solved_at, until, reopenings
from turns
where is_solved;

create table recount.replies as
select
    comments.ticket_id,
    comments.created,
    row_number() over (partition by comments.ticket_id order by comments.created) as place
from raw_kept.zendesk__ticket_comment as comments
inner join raw_kept.zendesk__user as users
    on comments.user_id = users.id
where comments.public and users.role in ('agent', 'admin');

-- The hours promised by the tags of a ticket from one moment until the next; without any of its own in the history,
-- by those it has now.
create table recount.promises as
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
),

-- Of several tags of one dimension the highest counts.
levels as (
    select
        tagged.ticket_id,
        tagged.updated,
        tagged.until,
        max_by(levels.level, levels.level_rank) filter (where level_tags.dimension = 'urgency') as urgency,
        max_by(levels.level, levels.level_rank) filter (where level_tags.dimension = 'impact') as impact
    from tagged
    left join recount.level_tags
        on tagged.tag = level_tags.prefix
        or (level_tags.is_prefix and starts_with(tagged.tag, level_tags.prefix))
    left join recount.ticket_levels as levels
        on coalesce(level_tags.value, substr(tagged.tag, length(level_tags.prefix) + 1)) = levels.level
    group by 1, 2, 3
)

-- Where one of the two is missing, both are assumed.
select
    levels.ticket_id,
    levels.updated,
    levels.until,
    promised_hours.hours
from levels
left join recount.promised_hours
    on promised_hours.urgency = case when levels.impact is null then 'Assumed' else coalesce(levels.urgency, 'Assumed') end
    and promised_hours.impact = case when levels.urgency is null then 'Assumed' else coalesce(levels.impact, 'Assumed') end;

-- A ticket counts in the periods in which it was created, and in those in which it was solved.
create table recount.ticket_periods as
with touched as (
    select ticket.id as ticket_id, period_days.period
    from raw_kept.zendesk__ticket as ticket
    inner join recount.period_days
        on cast(ticket.created_at as date) = period_days.day
    union
    select solutions.ticket_id, period_days.period
    from recount.solutions
    inner join recount.period_days
        on cast(solutions.solved_at as date) = period_days.day
)

select
    touched.ticket_id,
    households.home,
    ticket.created_at,
    periods.period,
    cast(ticket.created_at as date) between periods.first_day and periods.end_day as is_new,
    periods.first_day,
    periods.end_day + 1 as ends_at
from touched
inner join raw_kept.zendesk__ticket as ticket
    on touched.ticket_id = ticket.id
inner join recount.households
    on ticket.household_id = households.household_id
inner join recount.periods
    on touched.period = periods.period;
