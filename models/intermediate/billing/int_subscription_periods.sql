with states as (
    select * from {{ ref('int_subscription_states') }} where household_id is not null
),

households as (
    select household_id, closed_date from {{ ref('stg_app__households') }}
),

with_changes as (
    select
        states.*,
        households.closed_date,
        (
            states.payment_status is distinct from lag(states.payment_status) over (
                partition by states.subscription_id order by states.valid_from
            )
        ) as is_change
    from states
    left join households on states.household_id = households.household_id
)

select
    * exclude (is_change, version_number, version_from),
    -- The day on which the current payment status began.
    max(case when is_change then valid_from end) over (
        partition by subscription_id order by valid_from rows between unbounded preceding and current row
    ) as payment_status_since,
    min(valid_from) over (partition by subscription_id) as started_at
from with_changes
