with escalations as (
    select escalation_id, rule, subject, evidence_day from {{ ref('int_escalation_spells') }}
),

comments as (
    select 'ticket_comment:' || comment_id as message_id, ticket_id from {{ ref('stg_zendesk__ticket_comment') }}
),

messages as (
    select messages.message_id, comments.ticket_id, messages.created_at, trim(messages.message_text) as message_text
    from {{ ref('int_customer_messages') }} as messages
    left join comments on messages.message_id = comments.message_id
    where trim(messages.message_text) <> ''
),

evidence as (
    select distinct escalations.escalation_id, escalations.evidence_day, reports.ticket_id, reports.message_id
    from escalations
    inner join {{ ref('int_escalation_reports') }} as reports
        on
            escalations.rule = reports.rule
            and escalations.subject = reports.subject
            and reports.counts_from <= escalations.evidence_day
            and reports.counts_until > escalations.evidence_day
),

-- Of a theme the comments that mention it, else all that customers wrote on the tickets.
quoted as (
    select evidence.escalation_id, evidence.evidence_day, messages.*
    from evidence
    inner join messages on evidence.message_id = messages.message_id
    union all
    select evidence.escalation_id, evidence.evidence_day, messages.*
    from evidence
    inner join messages on evidence.ticket_id = messages.ticket_id
    where evidence.message_id is null
)

select
    escalation_id,
    row_number() over (partition by escalation_id order by created_at desc, message_id desc) as quote_number,
    message_id,
    ticket_id,
    created_at,
    left(message_text, {{ var('escalation_quote_length') }}) as quote
from quoted
where cast(created_at as date) <= evidence_day
qualify quote_number <= {{ var('escalation_samples') }}
