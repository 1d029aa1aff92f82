{%- set columns = 'engagement_id, company_id, household_id, contact_id' -%}
-- All contact of the company with its customers, in the words of hubspot.engagement. Notes and tasks are the team's own.
with described as (
    select
        {{ columns }},
        engagement_type,
        engagement_event,
        message_id,
        template,
        occurred_at
    from {{ ref('stg_hubspot__engagement') }}
    where occurred_at is not null
),

-- Without an outcome a meeting of the past was held.
meetings as (
    select *, case when coalesce(outcome, 'completed') = 'completed' then 'held' else 'invited' end as engagement_event
    from {{ ref('stg_hubspot__engagement_meeting') }}
),

sent as (
    select email_event_id, subject from {{ ref('stg_hubspot__email_event_sent') }}
),

email_events as (
    select
        events.*,
        case events.event_type when 'sent' then 'sent' when 'open' then 'opened' when 'click' then 'clicked' end
            as engagement_event,
        case when events.event_type = 'sent' then events.email_event_id else events.sent_by_id end as message_id
    from {{ ref('stg_hubspot__email_event') }} as events
    where events.event_type in ('sent', 'open', 'click')
),

united as (
    select {{ columns }}, 'outreach' as engagement_type,
        case when email_type = 'incoming_email' then 'replied' else 'sent' end as engagement_event,
        null as message_id, null as words, 'none' as words_of, happened_at
    from {{ ref('stg_hubspot__engagement_email') }}
    union all
    select {{ columns }}, 'outreach', 'sent', null, null, 'none', happened_at
    from {{ ref('stg_hubspot__engagement_communication') }}
    union all
    select {{ columns }}, 'call', 'held', null, null, 'none', happened_at from {{ ref('stg_hubspot__engagement_call') }}
    union all
    select {{ columns }}, 'meeting', engagement_event, null, title, 'meeting', happened_at from meetings
    union all
    select email_events.email_event_id, email_events.company_id, email_events.household_id, email_events.contact_id, 'email',
        email_events.engagement_event, email_events.message_id, sent.subject, 'email', email_events.happened_at
    from email_events
    left join sent on email_events.message_id = sent.email_event_id
),

templates as (
    select * from {{ ref('crm_templates') }}
)

select * from described
union all
select
    united.engagement_id,
    any_value(united.company_id),
    any_value(united.household_id),
    any_value(united.contact_id),
    united.engagement_type,
    any_value(united.engagement_event),
    any_value(united.message_id),
    min_by(templates.template, templates.pattern_order),
    any_value(united.happened_at)
from united
left join templates on united.words_of = templates.words_of and united.words ilike templates.pattern
group by united.engagement_id, united.engagement_type
