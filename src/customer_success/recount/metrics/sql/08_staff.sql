-- Staff: agents and admins of now, everybody to whom a ticket was ever assigned, and whoever has an address where one of the
-- present staff has one that is not public.
create table recount.staff as
with people as (
    select id, is_deleted, coalesce(role in ('agent', 'admin'), false) as is_agent, lower(trim(string_split(email, '@')[-1])) as host
    from raw_kept.zendesk__user
    where contains(email, '@')
    union all
    select id, is_deleted, coalesce(role in ('agent', 'admin'), false), null
    from raw_kept.zendesk__user
    where not coalesce(contains(email, '@'), false)
)

select id from people where is_agent
union
select id from people
where host in (
    select host from people
    where is_agent and not is_deleted and host <> '' and host not in (select domain from recount.public_email_domains)
)
union
select assignee_id from raw_read.zendesk__ticket where row_class <> 'later' and assignee_id is not null
union
select value from raw_read.zendesk__ticket_field_history
where field_name = 'assignee_id' and row_class <> 'later' and value is not null;

create table recount.replies as
select
    comments.ticket_id,
    comments.created,
    row_number() over (partition by comments.ticket_id order by comments.created) as place
from raw_kept.zendesk__ticket_comment as comments
cross join recount.build
where build.has_answers and comments.public and comments.user_id in (select id from recount.staff);

-- Tickets that staff opened: by who submitted them, else by the author of the comment that came with them.
create table recount.opened_by_staff as
select ticket.id as ticket_id
from raw_kept.zendesk__ticket as ticket
where coalesce(ticket.submitter_id, (
    select first(comments.user_id order by comments.id)
    from raw_kept.zendesk__ticket_comment as comments
    where comments.ticket_id = ticket.id and comments.created = ticket.created_at
)) in (select id from recount.staff);
