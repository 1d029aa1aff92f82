-- Days on which a household took its business away, in part or whole.
with subscriptions as (
    select
        household_id,
        subscription_id,
        valid_from,
        ended_on,
        is_in_force and (coalesce(cancel_at_period_end, false) or cancel_at is not null) as is_cancellation_scheduled,
        bool_or(is_paying) over (partition by subscription_id) as was_ever_paying
    from {{ ref('int_subscription_periods') }}
),

cancellations as (
    select household_id, valid_from as lost_on
    from subscriptions
    where is_cancellation_scheduled
    qualify not coalesce(lag(is_cancellation_scheduled) over (partition by subscription_id order by valid_from), false)
)

select household_id, downgrade_date as lost_on from {{ ref('fct_subscription_changes') }} where downgrade_date is not null
union
select household_id, churned_at from {{ ref('int_household_churn_spells') }}
union
select household_id, lost_on from cancellations
union
select household_id, ended_on from subscriptions where was_ever_paying and ended_on <= {{ as_of_date() }}
