-- A household that paid before its account was made signed up on the first day on which a subscription was in force.
with households as (
    select household_id, region, created_at, closed_date from {{ ref('stg_app__households') }}
),

first_days as (
    select household_id, min(valid_from) as first_in_force
    from {{ ref('int_subscription_periods') }}
    where is_in_force and (closed_date is null or valid_from < closed_date)
    group by household_id
)

select
    households.household_id,
    households.region,
    least(
        cast(households.created_at as date), coalesce(first_days.first_in_force, cast(households.created_at as date))
    ) as signup_date,
    households.closed_date
from households
left join first_days on households.household_id = first_days.household_id
