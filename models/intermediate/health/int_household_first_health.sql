{{ config(materialized='table') }}

with scores as (
    select household_id, score_date, overall_score as health_score
    from {{ ref('fct_health_scores') }}
    where health_model = '{{ var('primary_health_model') }}'
),

-- Excludes households that signed up before the history began: their first Sundays have no score.
history as (
    select min(score_date) as first_score_date from {{ ref('int_score_dates') }} where score_date > {{ history_start('published') }}
)

select
    households.household_id,
    avg(scores.health_score) as avg_health_score_first_90d
from {{ ref('int_household_signups') }} as households
inner join history on households.signup_date > history.first_score_date - 7
inner join scores
    on
        households.household_id = scores.household_id
        and scores.score_date < households.signup_date + {{ var('first_health_days') }}
        and dayofweek(scores.score_date) = 0
where households.signup_date + {{ var('first_health_days') }} - 1 <= {{ as_of_date() }}
group by households.household_id
