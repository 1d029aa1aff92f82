{%- set first_day = as_of_date() ~ ' - ' ~ (var('survey_days') - 1) -%}
with triggers as (
    select
        * replace (
            cast(delay_days as integer) as delay_days,
            cast(every_days as integer) as every_days
        )
    from {{ ref('survey_triggers') }}
),

signups as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

-- The quarter begins again with each NPS answer or sending, the year with the signup alone.
restarts as (
    select household_id, 'quarterly' as trigger, signup_date as starts_on from signups
    union
    select household_id, 'yearly', signup_date from signups
    union
    select household_id, 'quarterly', sent_on from {{ ref('int_survey_sendings') }} where survey_type = 'NPS'
    union
    select household_id, 'quarterly', survey_date from {{ ref('fct_nps_surveys') }}
),

stretches as (
    select
        restarts.*,
        lead(restarts.starts_on, 1, {{ as_of_date() }}) over (
            partition by restarts.household_id, restarts.trigger order by restarts.starts_on
        ) as last_day
    from restarts
    inner join signups on restarts.household_id = signups.household_id and restarts.starts_on >= signups.signup_date
),

due as (
    select stretches.household_id, stretches.trigger, cast(null as varchar) as subject_id,
        unnest(generate_series(
            cast(stretches.starts_on + triggers.delay_days as timestamp),
            cast(stretches.last_day as timestamp),
            to_days(triggers.every_days)
        )) as due_on
    from stretches
    inner join triggers on stretches.trigger = triggers.trigger
    union all
    select events.household_id, events.trigger, events.subject_id, cast(events.happened_on + triggers.delay_days as timestamp)
    from {{ ref('int_survey_events') }} as events
    inner join triggers on events.trigger = triggers.trigger
),

-- One that closed its account on the day of signup was never a customer.
absences as (
    select household_id, churned_at, reactivated_at from {{ ref('int_household_churn_spells') }}
    union all
    select household_id, closed_date, null from signups where closed_date = signup_date
),

described as (
    select due.* replace (cast(due.due_on as date) as due_on), triggers.* exclude (trigger, delay_days, every_days, reason),
        absences.churned_at
    from due
    inner join triggers on due.trigger = triggers.trigger
    left join absences
        on
            due.household_id = absences.household_id
            and due.due_on >= absences.churned_at
            and due.due_on < {{ open_end('absences.reactivated_at') }}
    where due.due_on between {{ first_day }} and {{ as_of_date() }}
)

-- Nobody is asked after leaving but about leaving.
select * exclude (churned_at), churned_at is null as is_customer
from described
where churned_at is null or due_on = churned_at or asks_leavers
