with households as (
    select * from {{ ref('int_households') }}
),

health as (
    select household_id, health_score, health_segment
    from {{ ref('fct_customer_health') }}
    where is_current
),

first_health as (
    select * from {{ ref('int_household_first_health') }}
),

predictions as (
    select household_id, churn_probability from {{ ref('ml_churn_predictions') }}
),

assignments as (
    select household_id, owner_id from {{ ref('fct_csm_assignments') }}
),

dataset as (
    select max(dataset_kind) = 'synthetic' as is_synthetic from {{ ref('stg_meta__dataset') }}
)

select
    households.household_id,
    households.household_name,
    households.owner_name,
    households.region,
    households.created_at,
    households.signup_date,
    households.acquisition_channel,
    households.is_active,
    households.churned_at,
    households.reactivated_at,
    households.churn_count,
    households.plan_type,
    households.payment_status,
    households.mrr,
    households.next_billing_date,
    households.member_count,
    households.active_pet_count,
    households.recurring_tasks_enabled,
    households.reminders_enabled,
    households.calendar_sync_enabled,
    households.notifications_enabled,
    households.photos_uploaded_count,
    households.days_since_signup,
    households.tenure_days,
    households.initial_plan_type,
    households.initial_pets_count,
    households.initial_members_count,
    first_health.avg_health_score_first_90d,
    households.premium_features_adopted_first_30d,
    assignments.owner_id as csm_owner_id,
    health.health_score,
    health.health_segment,
    predictions.churn_probability,
    coalesce(dataset.is_synthetic, false) as is_synthetic
from households
left join health using (household_id)
left join first_health using (household_id)
left join predictions using (household_id)
left join assignments using (household_id)
cross join dataset
