with customers as (
    select household_id, score_date, days_since_signup
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

metrics as (
    select
        customers.household_id,
        customers.score_date,
        {{ trend('activity.tasks_30', 'activity.tasks_prev_30', 'customers.days_since_signup') }} as tasks_trend,
        care.pets_added_90,
        care.care_rate_change,
        features.features_first_used_90,
        collaboration.collaboration
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity
        on customers.household_id = activity.household_id and customers.score_date = activity.score_date
    inner join {{ ref('int_care_at_score_dates') }} as care
        on customers.household_id = care.household_id and customers.score_date = care.score_date
    inner join {{ ref('int_features_at_score_dates') }} as features
        on customers.household_id = features.household_id and customers.score_date = features.score_date
    inner join {{ ref('int_collaboration_at_score_dates') }} as collaboration
        on customers.household_id = collaboration.household_id and customers.score_date = collaboration.score_date
)

select household_id, score_date, tasks_trend, {{ points('value_delivery') }} as value_delivery from metrics
order by score_date
