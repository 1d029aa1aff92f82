-- An account that closes on the day of signup was never a customer.
with changes as (
    select signup_date as day, 1 as change
    from {{ ref('int_household_signups') }}
    where closed_date is distinct from signup_date
    union all
    select churned_at, -1 from {{ ref('int_household_churn_spells') }}
    union all
    select reactivated_at, 1 from {{ ref('int_household_churn_spells') }} where reactivated_at is not null
),

summed as (
    select day, sum(change) as change from changes where day <= {{ as_of_date() }} group by day
),

days as (
    select cast(unnest(generate_series(min(day), {{ as_of_date() }}, interval 1 day)) as date) as day from summed
)

select days.day, cast(sum(coalesce(summed.change, 0)) over (order by days.day) as bigint) as customers
from days
left join summed on days.day = summed.day
