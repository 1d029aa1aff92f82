with households as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

churn as (
    select
        household_id,
        count(*) as churn_count,
        max(churned_at) filter (where reactivated_at is null) as churned_at,
        max(reactivated_at) as reactivated_at
    from {{ ref('fct_churn_events') }}
    group by household_id
),

plans as (
    select household_id, plan_type, mrr from {{ ref('int_household_plan_periods') }} where valid_until is null
),

members as (
    select household_id, member_count
    from {{ ref('int_household_member_counts') }}
    where valid_until is null
),

pets as (
    select household_id, count(*) as active_pet_count
    from {{ ref('stg_app__pets') }}
    where removed_at is null
    group by household_id
),

photos as (
    select household_id, count(*) as photos_uploaded_count
    from {{ ref('fct_household_activity') }}
    where event_type = 'photo_upload'
    group by household_id
)

select
    households.household_id,
    churn.churned_at is null and (households.closed_date is distinct from households.signup_date) as is_active,
    churn.churned_at,
    churn.reactivated_at,
    coalesce(churn.churn_count, 0) as churn_count,
    plans.plan_type,
    plans.mrr,
    {{ count_or_unknown('members.member_count', 'app', 'household_members') }} as member_count,
    {{ count_or_unknown('pets.active_pet_count', 'app', 'pets') }} as active_pet_count,
    {{ activity_or_unknown('photos.photos_uploaded_count') }} as photos_uploaded_count,
    {{ as_of_date() }} - households.signup_date as days_since_signup,
    coalesce(
        churn.churned_at,
        case when households.closed_date = households.signup_date then households.closed_date end,
        {{ as_of_date() }}
    ) - households.signup_date as tenure_days
from households
left join churn on households.household_id = churn.household_id
left join plans on households.household_id = plans.household_id
left join members on households.household_id = members.household_id
left join pets on households.household_id = pets.household_id
left join photos on households.household_id = photos.household_id
