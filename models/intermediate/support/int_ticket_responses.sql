with comments as (
    select comment_id, ticket_id, desk_user_id, is_public, created_at from {{ ref('stg_zendesk__ticket_comment') }}
),

tickets as (
    select ticket_id, submitter_id, created_at from {{ ref('stg_zendesk__ticket') }}
),

staff as (
    select desk_user_id from {{ ref('int_desk_staff') }}
),

answers as (
    select comments.ticket_id, min(comments.created_at) as first_answer_at, count(*) as public_agent_comments
    from comments
    inner join staff on comments.desk_user_id = staff.desk_user_id
    where comments.is_public
    group by comments.ticket_id
),

-- The first comment of a ticket is its description, so its author opened the ticket.
opening_comments as (
    select comments.ticket_id, min_by(comments.desk_user_id, comments.comment_id) as desk_user_id
    from comments
    inner join tickets on comments.ticket_id = tickets.ticket_id and comments.created_at = tickets.created_at
    group by comments.ticket_id
),

openers as (
    select
        tickets.ticket_id,
        tickets.created_at,
        coalesce(tickets.submitter_id, opening_comments.desk_user_id) as desk_user_id
    from tickets
    left join opening_comments on tickets.ticket_id = opening_comments.ticket_id
)

-- Staff that opens a ticket for a customer has answered it by then.
select
    openers.ticket_id,
    staff.desk_user_id is not null as is_agent_opened,
    case when staff.desk_user_id is not null then openers.created_at else answers.first_answer_at end as first_response_at,
    coalesce(answers.public_agent_comments, 0) as public_agent_comments
from openers
left join staff on openers.desk_user_id = staff.desk_user_id
left join answers on openers.ticket_id = answers.ticket_id
