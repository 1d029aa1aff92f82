-- Contact with a household by month: e-mails, meetings, tickets, care and answers.
with months as (
    select month_start, month_end from {{ ref('int_engagement_months') }}
),

engagement as (
    select household_id, cast(occurred_at as date) as day, engagement_type, engagement_event, message_id
    from {{ ref('int_crm_engagement') }}
    where household_id is not null
),

contacts as (
    select
        household_id,
        cast({{ dbt.date_trunc('month', 'day') }} as date) as month_start,
        count(distinct message_id) filter (where engagement_type = 'email' and engagement_event = 'opened') as emails_opened,
        count(distinct message_id) filter (where engagement_type = 'email' and engagement_event = 'clicked') as emails_clicked,
        count(*) filter (where engagement_type = 'meeting' and engagement_event = 'held') as meetings_held
    from engagement
    group by all
),

tickets as (
    select household_id, cast({{ dbt.date_trunc('month', 'created_at') }} as date) as month_start, count(*) as tickets
    from {{ ref('fct_support_tickets') }}
    where household_id is not null and not is_merged
    group by all
),

care as (
    select
        household_id,
        cast({{ dbt.date_trunc('month', 'due_date') }} as date) as month_start,
        cast(sum(care_tasks_due) as bigint) as care_tasks_due,
        cast(sum(care_tasks_on_time) as bigint) as care_tasks_on_time
    from {{ ref('int_care_days') }}
    group by all
),

answers as (
    select household_id, cast({{ dbt.date_trunc('month', 'responded_at') }} as date) as month_start, avg(csat_score) as csat
    from {{ ref('fct_csat_responses') }}
    where csat_score is not null
    group by all
),

joined as (
    select *
    from contacts
    full join tickets using (household_id, month_start)
    full join care using (household_id, month_start)
    full join answers using (household_id, month_start)
)

select joined.* from joined semi join months on joined.month_start = months.month_start
