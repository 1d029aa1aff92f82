{{ config(materialized='table', post_hook=[]) }}

with engagement as (
    select *, cast(occurred_at as date) as occurred_date
    from {{ ref('stg_hubspot__engagement') }}
    where engagement_type in ('email', 'outreach')
),

-- Without an id of its own, what a contact does belongs to the message last sent to it.
threaded as (
    select
        *,
        coalesce(
            message_id,
            concat_ws(' ', contact_id, max(case when engagement_event = 'sent' then occurred_at end) over (
                partition by household_id, engagement_type, contact_id
                order by occurred_at asc, engagement_event desc, engagement_id asc
                rows between unbounded preceding and current row
            ))
        ) as thread_id
    from engagement
)

select
    household_id,
    engagement_type,
    thread_id,
    min(occurred_date) filter (where engagement_event = 'sent') as sent_date,
    min(occurred_date) filter (where engagement_event = 'opened') as opened_date,
    min(occurred_date) filter (where engagement_event = 'replied') as replied_date
from threaded
group by household_id, engagement_type, thread_id
