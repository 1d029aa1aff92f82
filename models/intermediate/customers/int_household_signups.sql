-- A household that paid before its account was made signed up on the first day on which a subscription was in force.
with households as (
    select household_id, region, created_at, closed_date from {{ ref('stg_app__households') }}
),

first_days as (
    select households.household_id, min(subscriptions.valid_from) as first_in_force
    from households
    inner join {{ ref('int_subscription_prices') }} as subscriptions on households.household_id = subscriptions.household_id
    where subscriptions.is_in_force and subscriptions.valid_from < {{ open_end('households.closed_date') }}
    group by households.household_id
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
