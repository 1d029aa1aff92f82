create table recount.desk as
with standing as (
    select
        tickets.*,
        build.has_statuses,
        solutions.solved_at,
        solutions.reopenings,
        replies.created as replied_at,
        second_replies.created as replied_again_at
    from recount.ticket_periods as tickets
    cross join recount.build
    left join recount.solutions
        on tickets.ticket_id = solutions.ticket_id
        and solutions.solved_at < tickets.ends_at
        and solutions.until >= tickets.ends_at
    left join recount.replies
        on tickets.ticket_id = replies.ticket_id and replies.place = 1 and replies.created < tickets.ends_at
    left join recount.replies as second_replies
        on tickets.ticket_id = second_replies.ticket_id
        and second_replies.place = 2
        and second_replies.created < tickets.ends_at
    where tickets.is_new or solutions.solved_at >= tickets.first_day
)

-- Hours are kept to six decimals for each ticket: millionths of an hour are whole numbers. What staff opened is in no mean of
-- responses; what was solved at an unknown time is neither due nor pending.
select
    period,
    home,
    count(*) filter (where is_new and not is_from_staff and replied_at is not null) as responded,
    count(*) filter (where is_new and not is_from_staff and replied_at is null) as unresponded,
    coalesce(sum(cast(round(date_diff('microsecond', created_at, replied_at) / 3600) as bigint))
        filter (where is_new and not is_from_staff), 0) as response,
    count(*) filter (where is_new and solved_at is not null) as resolved,
    count(*) filter (where is_new and solved_at is null) as unresolved,
    coalesce(sum(cast(round(date_diff('microsecond', created_at, solved_at) / 3600) as bigint)) filter (where is_new), 0)
        as resolution,
    count(*) filter (where is_new and has_statuses and not is_solved_some_time and due_at < ends_at) as due,
    count(*) filter (where is_new and due_at < ends_at and solved_at <= due_at) as met,
    count(*) filter (where is_new and not is_solved_some_time and due_at >= ends_at) as pending,
    count(*) filter (where solved_at >= first_day) as solved,
    count(*) filter (
        where solved_at >= first_day and reopenings = 0 and replied_at is not null and replied_again_at is null
    ) as one_touch
from standing
group by 1, 2;
