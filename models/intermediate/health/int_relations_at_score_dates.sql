-- depends_on: {{ ref('int_feedback_touched_days') }}
with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

contacts as (
    select
        contact_id,
        household_id,
        buying_role,
        cast(created_at as date) as contact_from,
        cast(left_at as date) as contact_until
    from {{ ref('stg_hubspot__contact') }}
),

messages as (
    select * from {{ ref('int_outreach_at_score_dates') }} where score_date >= {{ first_day() }}
),

crm as (
    select * from {{ ref('int_engagement_at_score_dates') }} where score_date >= {{ first_day() }}
),

people as (
    select
        customers.household_id,
        customers.score_date,
        {%- set is_there = "(contact_until is null or contact_until > customers.score_date)" %}
        count(*) filter (where buying_role = 'executive' and {{ is_there }}) as executives,
        count(*) filter (where buying_role = 'champion') as champions_ever,
        count(*) filter (where buying_role = 'champion' and {{ is_there }}) as champions,
        count(*) filter (
            where buying_role = 'champion'
            and contact_until > customers.score_date - 90
            and contact_until <= customers.score_date
        ) as champions_left_90
    from customers
    inner join contacts
        on customers.household_id = contacts.household_id and customers.score_date >= contacts.contact_from
    group by customers.household_id, customers.score_date
)

select
    customers.household_id,
    customers.score_date,
    {{ safe_ratio('messages.emails_opened', 'messages.emails_sent') }} as email_open_rate_90,
    {{ safe_ratio('messages.outreach_replied', 'messages.outreach_sent') }} as outreach_replied_share_90,
    case when crm.webinar_invitations > 0 then crm.webinars_attended end as webinars_attended_90,
    case when {{ crm_records_attendance() }} and crm.engagements > 0 then crm.downloads end as downloads_90,
    case
        when {{ crm_records_attendance() }} and (crm.meetings_held > 0 or crm.meetings_attended > 0) then crm.meetings_attended
    end as meetings_attended_90,
    case when people.executives > 0 then coalesce(crm.executive_meetings, 0) end as executive_meetings_90,
    case when people.champions_ever > 0 then cast(people.champions > 0 as integer) end as champion_present,
    {{ count_or_unknown('people.champions_left_90', 'hubspot', 'contact') }} as champions_left_90
from customers
left join messages on customers.household_id = messages.household_id and customers.score_date = messages.score_date
left join crm on customers.household_id = crm.household_id and customers.score_date = crm.score_date
left join people on customers.household_id = people.household_id and customers.score_date = people.score_date
order by score_date
