with windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_score_date() }} and days_before < 90
),

engagement as (
    select *, cast(occurred_at as date) as occurred_date from {{ ref('stg_hubspot__engagement') }}
),

contacts as (
    select contact_id, buying_role from {{ ref('stg_hubspot__contact') }}
)

select
    engagement.household_id,
    windows.score_date,
    count(*) as engagements,
    count(*) filter (where engagement_type = 'outreach') as outreaches,
    count(*) filter (where engagement_type = 'webinar' and engagement_event in ('invited', 'attended'))
        as webinar_invitations,
    count(*) filter (where engagement_type = 'webinar' and engagement_event = 'attended') as webinars_attended,
    count(*) filter (where engagement_event = 'downloaded') as downloads,
    count(*) filter (where engagement_type = 'meeting' and engagement_event = 'held') as meetings_held,
    count(*) filter (where engagement_type = 'meeting' and engagement_event = 'attended') as meetings_attended,
    count(*) filter (
        where engagement_type = 'meeting' and engagement_event = 'held' and contacts.buying_role = 'executive'
    ) as executive_meetings
from engagement
inner join windows on engagement.occurred_date = windows.activity_date
left join contacts on engagement.contact_id = contacts.contact_id
group by engagement.household_id, windows.score_date
