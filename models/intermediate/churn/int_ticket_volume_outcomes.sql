-- The last Sunday whose outcome window is complete.
with study as (
    select max(score_date) as score_date
    from {{ ref('int_score_dates') }}
    where score_date > {{ history_start('published') }} and dayofweek(score_date) = 0 and score_date + {{ var('ticket_study_days') }} <= {{ as_of_date() }}
),

customers as (
    select customers.household_id, customers.score_date
    from {{ ref('int_household_score_dates') }} as customers
    inner join study on customers.score_date = study.score_date
),

tickets as (
    select household_id, score_date, tickets_90 from {{ ref('int_tickets_at_score_dates') }}
),

churned as (
    select spells.household_id
    from {{ ref('fct_churn_events') }} as spells
    inner join study
        on
            spells.churned_at > study.score_date
            and spells.churned_at <= study.score_date + {{ var('ticket_study_days') }}
    group by spells.household_id
),

ratings as (
    select ratings.household_id, count(ratings.csat_score) as csat_answers, cast(sum(ratings.csat_score) as bigint) as csat_sum
    from {{ ref('fct_csat_responses') }} as ratings
    inner join study
        on
            cast(ratings.responded_at as date) > study.score_date - {{ var('ticket_study_days') }}
            and cast(ratings.responded_at as date) <= study.score_date
    group by ratings.household_id
)

select
    customers.household_id,
    customers.score_date,
    tickets.tickets_90,
    churned.household_id is not null as has_churned,
    coalesce(ratings.csat_answers, 0) as csat_answers,
    ratings.csat_sum
from customers
inner join tickets on customers.household_id = tickets.household_id and customers.score_date = tickets.score_date
left join churned on customers.household_id = churned.household_id
left join ratings on customers.household_id = ratings.household_id
