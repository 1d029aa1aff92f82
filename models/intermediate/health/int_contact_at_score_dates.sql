-- depends_on: {{ ref('int_feedback_touched_days') }}
with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

contact_days as (
    select household_id, cast(check_in_at as date) as activity_date from {{ ref('stg_cs__check_ins') }}
    union
    select household_id, cast(occurred_at as date) from {{ ref('int_crm_engagement') }} where engagement_type = 'outreach'
),

contacted as (
    select distinct contact_days.household_id, windows.score_date
    from contact_days
    inner join windows on contact_days.activity_date = windows.activity_date
)

select
    customers.household_id,
    customers.score_date,
    {% if source_is_present('cs', 'check_ins') or source_is_present('hubspot', 'engagement') -%}
    cast(contacted.household_id is not null as integer)
    {%- else -%}
    cast(null as integer)
    {%- endif %} as had_contact_90
from customers
left join contacted on customers.household_id = contacted.household_id and customers.score_date = contacted.score_date
order by score_date
