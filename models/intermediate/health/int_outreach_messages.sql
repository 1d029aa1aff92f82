{{ config(materialized='table') }}

-- An action without a message id is attributed to the message last sent to the contact.
with engagement as (
    select
        *,
        cast(occurred_at as date) as occurred_date,
        case when message_id is null then concat('contact ', contact_id) else concat('message ', message_id) end as thread_id
    from {{ ref('int_crm_engagement') }}
    where engagement_type in ('email', 'outreach')
),

-- A message that is sent again counts twice; later actions are attributed to the latest sending.
numbered as (
    select
        *,
        count(*) filter (where engagement_event = 'sent') over (
            partition by household_id, engagement_type, thread_id
            order by occurred_at asc, engagement_event = 'sent' desc, engagement_id asc
            rows between unbounded preceding and current row
        ) as sending_number
    from engagement
)

select
    household_id,
    engagement_type,
    thread_id,
    sending_number,
    min(occurred_date) filter (where engagement_event = 'sent') as sent_date,
    min(occurred_date) filter (where engagement_event = 'opened') as opened_date,
    min(occurred_date) filter (where engagement_event = 'replied') as replied_date
from numbered
where sending_number > 0
group by household_id, engagement_type, thread_id, sending_number
