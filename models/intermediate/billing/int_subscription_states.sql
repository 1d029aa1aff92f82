with segments as (
    select * from {{ ref('int_subscription_segments') }}
),

prices as (
    select * from {{ ref('int_subscription_prices') }}
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

free_plan as (
    select plan_type, plan_rank from {{ ref('plans') }} where plan_rank = 0
),

described as (
    select
        segments.* exclude (quantity) replace (
            coalesce(segments.current_period_start, items.current_period_start) as current_period_start,
            coalesce(segments.current_period_end, items.current_period_end) as current_period_end
        ),
        prices.* exclude (
            subscription_id, valid_from, is_free, is_without_charge, plan_type, plan_rank, mrr_unknown_reason
        ) replace (
            coalesce(prices.items_are_present_state, false) as items_are_present_state
        ),
        case when prices.is_free then free_plan.plan_type else prices.plan_type end as plan_type,
        case when prices.is_free then free_plan.plan_rank else prices.plan_rank end as plan_rank,
        case when prices.subscription_id is null then 'no_price' else prices.mrr_unknown_reason end as mrr_unknown_reason,
        case when segments.is_ended and statuses.is_in_force then 'cancelled' else statuses.payment_status end as payment_status,
        -- What costs nothing, and what the seed of products ignores, is not in force.
        statuses.is_in_force and not segments.is_ended and not coalesce(prices.is_without_charge, false) as is_in_force,
        statuses.is_paying as is_paying_status
    from segments
    cross join free_plan
    left join statuses on segments.status = statuses.status
    left join prices on segments.subscription_id = prices.subscription_id and segments.valid_from = prices.valid_from
    left join items on segments.subscription_id = items.subscription_id
),

-- A trial after the subscription was paid for is a free period.
with_free_periods as (
    select
        *,
        coalesce(
            is_in_force and not is_paying_status and bool_or(is_in_force and is_paying_status and not is_paused) over (
                partition by subscription_id order by valid_from rows between unbounded preceding and 1 preceding
            ),
            false
        ) as is_free_period
    from described
),

with_paying as (
    select
        *,
        is_in_force and (is_paying_status or is_free_period) and not is_paused as is_paying,
        is_free_period or coalesce(is_fully_discounted, false) as costs_nothing
    from with_free_periods
)

select
    * exclude (is_paying_status, is_free_period, is_fully_discounted, costs_nothing, list_value, net_value, mrr_unknown_reason),
    is_in_force and not is_paying_status and not is_free_period as is_trialing,
    case when not is_paying or costs_nothing then 0 else net_value end as mrr,
    case when not is_paying or costs_nothing then 0 else list_value end as mrr_list,
    case when is_paying and not costs_nothing then mrr_unknown_reason end as mrr_unknown_reason
from with_paying
