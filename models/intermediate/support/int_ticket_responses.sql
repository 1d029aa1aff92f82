with comments as (
    select ticket_id, desk_user_id, created_at from {{ ref('stg_zendesk__ticket_comment') }} where is_public
),

agents as (
    select desk_user_id from {{ ref('stg_zendesk__user') }} where role in ('agent', 'admin')
)

select
    comments.ticket_id,
    min(comments.created_at) as first_response_at,
    count(*) as public_agent_comments
from comments
inner join agents on comments.desk_user_id = agents.desk_user_id
group by comments.ticket_id
