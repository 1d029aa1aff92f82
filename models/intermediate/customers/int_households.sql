with households as (
    select households.* exclude (signup_date), signups.signup_date
    from {{ ref('stg_app__households') }} as households
    inner join {{ ref('int_household_signups') }} as signups on households.household_id = signups.household_id
),

owners as (
    select user_id, full_name from {{ ref('stg_app__users') }}
),

current_state as (
    select * from {{ ref('int_household_current_state') }}
),

initial_state as (
    select * from {{ ref('int_household_initial_state') }}
),

settings as (
    select * from {{ ref('int_household_settings') }}
),

subscriptions as (
    select household_id, payment_status, is_in_force, current_period_end, cancel_at_period_end, cancel_at
    from {{ ref('dim_subscriptions') }}
)

select
    households.household_id,
    households.household_name,
    owners.full_name as owner_name,
    households.region,
    households.created_at,
    households.signup_date,
    households.acquisition_channel,
    current_state.is_active,
    current_state.churned_at,
    current_state.reactivated_at,
    current_state.churn_count,
    current_state.plan_type,
    subscriptions.payment_status,
    current_state.mrr,
    case
        when
            subscriptions.is_in_force
            and not coalesce(subscriptions.cancel_at_period_end, false)
            and subscriptions.current_period_end < {{ open_end('subscriptions.cancel_at') }}
            then subscriptions.current_period_end
    end as next_billing_date,
    current_state.member_count,
    current_state.active_pet_count,
    {%- for feature in ['recurring_tasks', 'reminders', 'calendar_sync', 'notifications'] %}
    {{ flag_or_unknown('settings.' ~ feature ~ '_enabled', 'app', 'feature_settings') }} as {{ feature }}_enabled,
    {%- endfor %}
    current_state.photos_uploaded_count,
    current_state.days_since_signup,
    current_state.tenure_days,
    initial_state.initial_plan_type,
    initial_state.initial_pets_count,
    initial_state.initial_members_count,
    initial_state.premium_features_adopted_first_30d
from households
inner join current_state using (household_id)
inner join initial_state using (household_id)
left join owners on households.owner_user_id = owners.user_id
left join settings using (household_id)
left join subscriptions using (household_id)
