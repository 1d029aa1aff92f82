-- depends_on: {{ ref('int_household_score_dates') }}
with metrics as (
    select
        activity.household_id,
        activity.score_date,
        activity.login_days_7,
        activity.login_days_30,
        activity.mean_session_minutes_30,
        features.features_used_30
    from {{ ref('int_activity_at_score_dates') }} as activity
    inner join {{ ref('int_features_at_score_dates') }} as features
        on activity.household_id = features.household_id and activity.score_date = features.score_date
    where activity.score_date >= {{ first_day() }}
)

select household_id, score_date, {{ points('engagement') }} as engagement from metrics
order by score_date
