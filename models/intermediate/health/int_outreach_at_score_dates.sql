-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_feedback_touched_days') }}
{{ config(meta={'households': 'stg_app__households'}) }}

with windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

messages as (
    select * from {{ ref('int_outreach_messages') }}
)

-- Messages sent in the window; of these, the ones opened or answered by the date. So no share exceeds 1.
select
    messages.household_id,
    windows.score_date,
    count(*) filter (where engagement_type = 'email') as emails_sent,
    count(*) filter (where engagement_type = 'email' and opened_date <= windows.score_date) as emails_opened,
    count(*) filter (where engagement_type = 'outreach') as outreach_sent,
    count(*) filter (where engagement_type = 'outreach' and replied_date <= windows.score_date) as outreach_replied
from messages
inner join windows on messages.sent_date = windows.activity_date
group by messages.household_id, windows.score_date
order by score_date
