with lines as (
    select
        *,
        coalesce(is_ignored, false) as is_left_out,
        (coalesce(plan_rank, -1), coalesce(monthly_value, -1), line_id) as precedence
    from {{ ref('int_subscription_lines') }}
),

reductions as (
    select * from {{ ref('int_subscription_reductions') }}
),

-- The interval is that of the highest plan; Stripe bills all items of a subscription at one interval.
summed as (
    select
        subscription_id,
        valid_from,
        bool_and(coalesce(is_free, false) or is_left_out) as is_without_charge,
        bool_and(coalesce(is_free, false)) as is_free,
        max(plan_rank) as plan_rank,
        max_by(plan_type, plan_rank) as plan_type,
        bool_or(is_item) as items_are_present_state,
        cast(sum(quantity) filter (where plan_rank is not null) as bigint) as quantity,
        min(mrr_unknown_reason) filter (where not is_left_out) as list_unknown_reason,
        coalesce(sum(monthly_value) filter (where not is_left_out), 0) as known_value,
        max_by(
            struct_pack(
                unit := billing_interval,
                length := billing_interval_count,
                days := billing_interval_days,
                months := months_denominator * billing_interval_count / months_numerator
            ),
            precedence
        ) filter (where billing_interval is not null and not is_left_out) as billed
    from lines
    group by subscription_id, valid_from
),

reduced as (
    select
        summed.*,
        coalesce(summed.list_unknown_reason, reductions.mrr_unknown_reason) as mrr_unknown_reason,
        coalesce(reductions.kept_share, 1) as kept_share,
        coalesce(reductions.amount_off / summed.billed.months, 0) as monthly_amount_off
    from summed
    left join reductions on summed.subscription_id = reductions.subscription_id and summed.valid_from = reductions.valid_from
)

select
    subscription_id,
    valid_from,
    is_without_charge,
    is_free,
    plan_rank,
    plan_type,
    quantity,
    billed.unit as billing_interval,
    billed.length as billing_interval_count,
    billed.days as billing_interval_days,
    items_are_present_state,
    case when list_unknown_reason is null then cast(known_value as decimal(18, 6)) end as list_value,
    case
        when mrr_unknown_reason is null
            then cast(greatest(known_value * kept_share - monthly_amount_off, 0) as decimal(18, 6))
    end as net_value,
    -- Of a price that is not known, 100% off leaves 0 all the same.
    kept_share = 0 as is_fully_discounted,
    mrr_unknown_reason
from reduced
