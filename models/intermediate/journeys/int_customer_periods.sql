-- Runs of days on which a household was a customer: from signup, or a return, to the next churn.
with households as (
    select
        household_id,
        signup_date,
        closed_date,
        {{ household_number() }} as household_number
    from {{ ref('int_household_signups') }}
),

churns as (
    select household_id, churned_at, reactivated_at from {{ ref('int_household_churn_spells') }}
),

starts as (
    -- A household that closed on the day of signup was never a customer.
    select household_id, signup_date as period_from
    from households
    where closed_date is distinct from signup_date
    union all
    select household_id, reactivated_at from churns where reactivated_at is not null
)

select
    starts.household_id,
    households.household_number,
    households.signup_date,
    row_number() over (partition by starts.household_id order by starts.period_from) as period_number,
    starts.period_from,
    min(churns.churned_at) as period_until
from starts
inner join households on starts.household_id = households.household_id
left join churns on starts.household_id = churns.household_id and churns.churned_at > starts.period_from
group by starts.household_id, households.household_number, households.signup_date, starts.period_from
