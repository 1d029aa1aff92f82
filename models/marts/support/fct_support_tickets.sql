{%- set answers_are_known = source_is_present('zendesk', 'ticket_comment') and source_is_present('zendesk', 'user') -%}
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
        coalesce(history.is_solved, tickets.status in ('solved', 'closed')) as is_solved,
        tickets.created_at,
        coalesce(responses.is_agent_opened, false) as is_agent_opened,
        {{ 'responses.first_response_at' if answers_are_known else 'cast(null as timestamp)' }} as first_response_at,
        case when history.is_solved then history.last_solved_at end as resolved_at,
        {{ count_or_unknown('history.reopen_count', 'zendesk', 'ticket_field_history') }} as reopen_count,
        {{ 'coalesce(responses.public_agent_comments, 0)' if answers_are_known else 'cast(null as bigint)' }}
            as public_agent_comments,
        ratings.csat_score
    from tickets
    inner join classified on tickets.ticket_id = classified.ticket_id
    left join requesters on tickets.requester_id = requesters.desk_user_id
    left join history on tickets.ticket_id = history.ticket_id
    left join responses on tickets.ticket_id = responses.ticket_id
    left join ratings on tickets.ticket_id = ratings.ticket_id
)

select
    * exclude (
        is_solved, is_escalated, competitor_mentioned, csat_score, response_sla_hours, resolution_sla_hours
    ),
    case when resolved_at is not null then public_agent_comments = 1 and reopen_count = 0 end as is_one_touch,
    {{ hours_between('created_at', 'first_response_at') }} as first_response_hours,
    {{ hours_between('created_at', 'resolved_at') }} as resolution_hours,
    response_sla_hours,
    resolution_sla_hours,
    {% if answers_are_known -%}
    case when not is_merged then {{ sla_met('created_at', 'first_response_at', 'response_sla_hours') }} end
    {%- else -%} cast(null as boolean) {%- endif %} as response_sla_met,
    {% if source_is_present('zendesk', 'ticket_field_history') -%}
    -- A ticket solved at an unknown time may have been solved in time.
    case
        when not is_merged and (resolved_at is not null or not is_solved)
            then {{ sla_met('created_at', 'resolved_at', 'resolution_sla_hours') }}
    end
    {%- else -%} cast(null as boolean) {%- endif %} as resolution_sla_met,
    csat_score,
    is_escalated,
    competitor_mentioned
from joined
