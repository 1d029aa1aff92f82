with statuses as (
    select * from {{ ref('int_subscription_statuses') }}
),

prices as (
    select * from {{ ref('int_subscription_prices') }}
),

reductions as (
    select * from {{ ref('int_subscription_reductions') }}
),

free_plan as (
    select plan_type, plan_rank from {{ ref('plans') }} where plan_rank = 0
),

-- Percentages of discounts first, then amounts by the months of the interval.
priced as (
    select
        statuses.*,
        prices.is_in_force,
        prices.quantity,
        prices.billing_interval,
        prices.billing_interval_count,
        prices.billing_interval_days,
        prices.items_are_present_state,
        case when prices.is_free then free_plan.plan_type else prices.plan_type end as plan_type,
        case when prices.is_free then free_plan.plan_rank else prices.plan_rank end as plan_rank,
        -- Of a price that is not known, 100% off leaves 0 all the same.
        prices.has_prices and coalesce(reductions.kept_share = 0, false) as is_fully_discounted,
        prices.list_value,
        coalesce(prices.mrr_unknown_reason, reductions.mrr_unknown_reason) as mrr_unknown_reason,
        case
            when coalesce(prices.mrr_unknown_reason, reductions.mrr_unknown_reason) is null
                then
                    prices.list_value * coalesce(reductions.kept_share, 1)
                    - coalesce(reductions.amount_off / prices.billing_interval_months, 0)
        end as discounted_value
    from statuses
    inner join prices on statuses.subscription_id = prices.subscription_id and statuses.valid_from = prices.valid_from
    left join reductions
        on statuses.subscription_id = reductions.subscription_id and statuses.valid_from = reductions.valid_from
    cross join free_plan
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
    from priced
),

with_paying as (
    select
        *,
        is_in_force and (is_paying_status or is_free_period) and not is_paused as is_paying,
        is_free_period or is_fully_discounted as costs_nothing
    from with_free_periods
)

select
    * exclude (
        is_paying_status, is_free_period, is_fully_discounted, costs_nothing, list_value, discounted_value, mrr_unknown_reason
    ),
    is_in_force and not is_paying_status and not is_free_period as is_trialing,
    case
        when not is_paying or costs_nothing then 0
        when discounted_value is not null then cast(greatest(discounted_value, 0) as decimal(18, 6))
    end as mrr,
    case when not is_paying or costs_nothing then 0 else list_value end as mrr_list,
    case when is_paying and not costs_nothing then mrr_unknown_reason end as mrr_unknown_reason
from with_paying
