with tickets as (
    select * from {{ ref('stg_zendesk__ticket') }}
),

requesters as (
    select desk_user_id, user_id from {{ ref('stg_zendesk__user') }}
),

classified as (
    select * from {{ ref('int_tickets_classified') }} where valid_until is null
),

history as (
    select * from {{ ref('int_ticket_status_history') }}
),

responses as (
    select * from {{ ref('int_ticket_responses') }}
),

ratings as (
    select ticket_id, max_by(score, (responded_at, response_id)) as csat_score
    from {{ ref('stg_survey__response') }}
    where survey_type = 'CSAT' and score is not null and ticket_id is not null
    group by ticket_id
),

joined as (
    select
        tickets.ticket_id,
        tickets.household_id,
        requesters.user_id as requester_user_id,
        tickets.subject as issue_title,
        classified.* exclude (ticket_id, valid_from, valid_until),
        coalesce(history.status, tickets.status) as status,
        tickets.created_at,
        responses.first_response_at,
        case when history.is_solved then history.last_solved_at end as resolved_at,
        coalesce(history.reopen_count, 0) as reopen_count,
        coalesce(responses.public_agent_comments, 0) as public_agent_comments,
        ratings.csat_score
    from tickets
    inner join classified on tickets.ticket_id = classified.ticket_id
    left join requesters on tickets.requester_id = requesters.desk_user_id
    left join history on tickets.ticket_id = history.ticket_id
    left join responses on tickets.ticket_id = responses.ticket_id
    left join ratings on tickets.ticket_id = ratings.ticket_id
)

select
    ticket_id,
    household_id,
    requester_user_id,
    issue_title,
    issue_key,
    category,
    urgency,
    impact,
    priority,
    is_priority_assumed,
    severity,
    status,
    created_at,
    first_response_at,
    resolved_at,
    reopen_count,
    public_agent_comments,
    case when resolved_at is not null then public_agent_comments = 1 and reopen_count = 0 end as is_one_touch,
    {{ hours_between('created_at', 'first_response_at') }} as first_response_hours,
    {{ hours_between('created_at', 'resolved_at') }} as resolution_hours,
    response_sla_hours,
    resolution_sla_hours,
    {{ sla_met('created_at', 'first_response_at', 'response_sla_hours') }} as response_sla_met,
    {{ sla_met('created_at', 'resolved_at', 'resolution_sla_hours') }} as resolution_sla_met,
    csat_score,
    is_escalated,
    competitor_mentioned
from joined
