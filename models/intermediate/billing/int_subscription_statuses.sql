with segments as (
    select * exclude (price_id, quantity, version_number, version_from) from {{ ref('int_subscription_segments') }}
),

items as (
    select
        subscription_id,
        max(current_period_start) as current_period_start,
        min(current_period_end) as current_period_end
    from {{ ref('stg_stripe__subscription_item') }}
    group by subscription_id
),

statuses as (
    select * from {{ ref('subscription_statuses') }}
),

households as (
    select household_id, closed_date from {{ ref('stg_app__households') }}
),

described as (
    select
        segments.* replace (
            coalesce(segments.current_period_start, items.current_period_start) as current_period_start,
            coalesce(segments.current_period_end, items.current_period_end) as current_period_end
        ),
        case when segments.is_ended and statuses.is_in_force then 'cancelled' else statuses.payment_status end as payment_status,
        statuses.is_paying as is_paying_status,
        households.closed_date
    from segments
    left join statuses on segments.status = statuses.status
    left join items on segments.subscription_id = items.subscription_id
    left join households on segments.household_id = households.household_id
),

with_changes as (
    select
        *,
        (
            payment_status is distinct from lag(payment_status) over (partition by subscription_id order by valid_from)
        ) as is_change
    from described
)

select
    * exclude (is_change),
    -- The day on which the current payment status began.
    max(case when is_change then valid_from end) over (
        partition by subscription_id order by valid_from rows between unbounded preceding and current row
    ) as payment_status_since,
    min(valid_from) over (partition by subscription_id) as started_at
from with_changes
