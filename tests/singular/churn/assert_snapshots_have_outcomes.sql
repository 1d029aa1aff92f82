-- Each customer of a snapshot date has a row with a known outcome: horizon and inactivity period are complete.
with snapshots as (
    select household_id, snapshot_date, churned_next_30d from {{ ref('int_churn_snapshots') }}
),

customers as (
    select customers.household_id, customers.score_date
    from {{ ref('int_household_score_dates') }} as customers
    inner join {{ ref('int_churn_snapshot_dates') }} as dates on customers.score_date = dates.score_date
    where dates.is_snapshot
)

select coalesce(customers.household_id, snapshots.household_id) as household_id, snapshots.snapshot_date
from customers
full join snapshots
    on customers.household_id = snapshots.household_id and customers.score_date = snapshots.snapshot_date
where
    customers.household_id is null
    or snapshots.churned_next_30d is null
    or snapshots.snapshot_date + {{ var('churn_horizon_days') + var('churn_inactivity_days') }} > {{ as_of_date() }}
