with households as (
    select
        household_id,
        signup_date,
        signup_date + {{ var('initial_state_day') }} as initial_day
    from {{ ref('int_household_signups') }}
),

pets as (
    select households.household_id, count(*) as pets
    from households
    inner join {{ ref('stg_app__pets') }} as pets
        on
            households.household_id = pets.household_id
            and pets.added_date <= households.initial_day
            and {{ open_end('pets.removed_date') }} > households.initial_day
    group by households.household_id
),

members as (
    select households.household_id, counts.member_count as members
    from households
    inner join {{ ref('int_household_member_counts') }} as counts
        on
            households.household_id = counts.household_id
            and counts.valid_from <= households.initial_day
            and {{ open_end('counts.valid_until') }} > households.initial_day
),

plans as (
    select households.household_id, periods.plan_type
    from households
    inner join {{ ref('int_household_plan_periods') }} as periods
        on
            households.household_id = periods.household_id
            and periods.valid_from <= households.initial_day
            and {{ open_end('periods.valid_until') }} > households.initial_day
),

premium_uses as (
    select households.household_id, count(distinct usage.feature_name) as features
    from households
    inner join {{ ref('int_feature_first_last_uses') }} as usage on households.household_id = usage.household_id
    inner join {{ ref('features') }} as features on usage.feature_name = features.feature_name
    where
        features.tier = 'premium'
        and cast(usage.first_used_at as date) < households.signup_date + {{ var('first_adoption_days') }}
    group by households.household_id
)

-- Each value is null until its window is complete.
select
    households.household_id,
    case when households.initial_day <= {{ as_of_date() }} then plans.plan_type end as initial_plan_type,
    case when households.initial_day <= {{ as_of_date() }} then {{ count_or_unknown('pets.pets', 'app', 'pets') }} end
        as initial_pets_count,
    case
        when households.initial_day <= {{ as_of_date() }}
            then {{ count_or_unknown('members.members', 'app', 'household_members') }}
    end as initial_members_count,
    case
        when households.signup_date + {{ var('first_adoption_days') }} - 1 <= {{ as_of_date() }}
            then {{ activity_or_unknown('premium_uses.features') }}
    end as premium_features_adopted_first_30d
from households
left join pets on households.household_id = pets.household_id
left join members on households.household_id = members.household_id
left join plans on households.household_id = plans.household_id
left join premium_uses on households.household_id = premium_uses.household_id
