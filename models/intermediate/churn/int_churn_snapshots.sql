with features as (
    select * exclude (is_current, is_snapshot, is_previous) from {{ ref('int_churn_features') }} where is_snapshot
),

outcomes as (
    select household_id, score_date, days_to_left from {{ ref('int_health_outcomes') }}
)

select
    features.*,
    -- Looks ahead: for the evaluation only, never a feature. Cut off at the last label, so that it does not change every day.
    case
        when
            outcomes.days_to_left
            <= max(features.snapshot_date) over () - features.snapshot_date + {{ var('churn_horizon_days') }}
            then outcomes.days_to_left
    end as days_to_left,
    coalesce(outcomes.days_to_left <= {{ var('churn_horizon_days') }}, false) as churned_next_30d
from features
inner join outcomes on features.household_id = outcomes.household_id and features.snapshot_date = outcomes.score_date
