with customers as (
    select household_id, score_date - signup_date - {{ var('survival_landmark_days') }} as days_since_landmark
    from {{ ref('int_household_score_dates') }}
    where is_current
),

households as (
    select * from {{ ref('int_survival_households') }}
),

churned as (
    select distinct household_id from {{ ref('fct_churn_events') }}
)

select
    customers.household_id,
    -- Null before the landmark day.
    case when customers.days_since_landmark >= 0 then customers.days_since_landmark end as days_observed,
    churned.household_id is not null as has_churned,
    households.plan_at_day_90,
    households.initial_pets_count,
    households.initial_members_count,
    households.premium_features_adopted_first_30d,
    households.avg_health_score_first_90d
from customers
left join households on customers.household_id = households.household_id
left join churned on customers.household_id = churned.household_id
