{{ config(materialized='table') }}

with scores as (
    select * from {{ ref('int_health_overall') }} where score_date > {{ history_start('published') }}
),

households as (
    select household_id, signup_date, {{ household_number() }} as household_number
    from {{ ref('int_household_signups') }}
),

activity as (
    select household_id, score_date, last_activity_date from {{ ref('int_activity_at_score_dates') }}
),

churn as (
    select
        household_id,
        churned_at,
        left_at,
        lag(churned_at, 1, date '1900-01-01') over (partition by household_id order by churned_at) as previous_churned_at
    from {{ ref('fct_churn_events') }}
)

-- Outcomes that were unknown at the score date: for households that churned later, when they left.
select
    households.household_number,
    scores.household_id,
    scores.score_date,
    scores.guide_v1,
    scores.value_v2,
    scores.retention_b2b,
    scores.graded,
    greatest(coalesce(activity.last_activity_date, households.signup_date), households.signup_date)
    > scores.score_date - 7 as is_active_7d,
    churn.left_at - scores.score_date as days_to_left,
    -- Churn by inactivity is known only after this many days.
    {{ as_of_date() }} - {{ var('churn_inactivity_days') }} - scores.score_date as days_known
from scores
inner join households on scores.household_id = households.household_id
inner join activity on scores.household_id = activity.household_id and scores.score_date = activity.score_date
left join churn
    on
        scores.household_id = churn.household_id
        and scores.score_date < churn.churned_at
        and scores.score_date >= churn.previous_churned_at
