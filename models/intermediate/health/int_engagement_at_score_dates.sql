-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_feedback_touched_days') }}
{{ config(meta={'households': 'stg_app__households'}) }}

with windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

contacts as (
    select contact_id, buying_role from {{ ref('stg_hubspot__contact') }}
),

engagement as (
    select
        engagement.household_id,
        cast(engagement.occurred_at as date) as activity_date,
        engagement.engagement_type,
        engagement.engagement_event,
        contacts.buying_role
    from {{ ref('int_crm_engagement') }} as engagement
    left join contacts on engagement.contact_id = contacts.contact_id
),

-- A day belongs to up to 13 windows. Counting by day first multiplies counts instead of event rows.
by_day as (
    select
        household_id,
        activity_date,
        count(*) as engagements,
        count(*) filter (where engagement_type = 'webinar' and engagement_event in ('invited', 'attended'))
            as webinar_invitations,
        count(*) filter (where engagement_type = 'webinar' and engagement_event = 'attended') as webinars_attended,
        count(*) filter (where engagement_event = 'downloaded') as downloads,
        count(*) filter (where engagement_type = 'meeting' and engagement_event = 'held') as meetings_held,
        count(*) filter (where engagement_type = 'meeting' and engagement_event = 'attended') as meetings_attended,
        count(*) filter (where engagement_type = 'meeting' and engagement_event = 'held' and buying_role = 'executive')
            as executive_meetings
    from engagement
    group by household_id, activity_date
)

{%- set counts = [
    'engagements', 'webinar_invitations', 'webinars_attended', 'downloads', 'meetings_held', 'meetings_attended',
    'executive_meetings'
] %}

select
    by_day.household_id,
    {%- for column in counts %}
    cast(sum(by_day.{{ column }}) as bigint) as {{ column }},
    {%- endfor %}
    windows.score_date
from by_day
inner join windows on by_day.activity_date = windows.activity_date
group by by_day.household_id, windows.score_date
order by score_date
