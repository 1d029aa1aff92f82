-- Two covariates are known only at day 90. Time at risk therefore starts there, for households that are still customers
-- (landmark analysis, decision 20).
with households as (
    select household_id, signup_date, signup_date + {{ var('survival_landmark_days') }} as landmark_date
    from {{ ref('int_household_signups') }}
    where
        signup_date > {{ as_of_date() }} - {{ 7 * var('history_weeks') }}
        and signup_date + {{ var('survival_landmark_days') }} < {{ as_of_date() }}
        and {{ open_end('closed_date') }} > signup_date
),

-- The event is the first churn; later churns after a return are ignored.
first_churns as (
    select household_id, churned_at from {{ ref('fct_churn_events') }} where churn_number = 1
),

plan_periods as (
    select household_id, valid_from, valid_until, plan_type from {{ ref('int_household_plan_periods') }}
)

select
    households.household_id,
    households.signup_date,
    households.landmark_date,
    coalesce(first_churns.churned_at, {{ as_of_date() }}) - households.landmark_date as days_observed,
    first_churns.churned_at is not null as has_churned,
    percent_rank() over (order by households.signup_date) >= 1 - {{ var('survival_later_share') }} as is_later_cohort,
    plan_periods.plan_type as plan_at_day_90,
    initial_state.initial_pets_count,
    initial_state.initial_members_count,
    initial_state.premium_features_adopted_first_30d,
    cast(first_health.avg_health_score_first_90d as double) as avg_health_score_first_90d
from households
inner join {{ ref('int_household_initial_state') }} as initial_state on households.household_id = initial_state.household_id
left join {{ ref('int_household_first_health') }} as first_health on households.household_id = first_health.household_id
left join first_churns on households.household_id = first_churns.household_id
left join plan_periods
    on
        households.household_id = plan_periods.household_id
        and households.landmark_date >= plan_periods.valid_from
        and households.landmark_date < {{ open_end('plan_periods.valid_until') }}
where {{ open_end('first_churns.churned_at') }} > households.landmark_date
