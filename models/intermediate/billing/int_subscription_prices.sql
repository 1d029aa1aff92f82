with segments as (
    select * from {{ ref('int_subscription_segments') }}
),

lines as (
    select
        segments.valid_from,
        lines.*,
        coalesce(lines.is_ignored, false) as is_left_out,
        (coalesce(lines.plan_rank, -1), coalesce(lines.monthly_value, -1), lines.line_id) as precedence
    from segments
    inner join {{ ref('int_subscription_lines') }} as lines
        on
            segments.subscription_id = lines.subscription_id
            and segments.version_number = lines.version_number
            and segments.valid_from >= lines.line_from
),

statuses as (
    select status, is_in_force from {{ ref('subscription_statuses') }}
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
        -- Seats are sold with a plan; what is free as a whole is the plan Free.
        cast(
            case
                when bool_and(coalesce(is_free, false)) then sum(quantity)
                else sum(quantity) filter (where plan_rank is not null)
            end as bigint
        ) as quantity,
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
)

select
    segments.subscription_id,
    segments.household_id,
    segments.valid_from,
    -- What costs nothing, and what the seed of products ignores, is not in force.
    statuses.is_in_force and not segments.is_ended and not coalesce(summed.is_without_charge, false) as is_in_force,
    summed.subscription_id is not null as has_prices,
    coalesce(summed.is_free, false) as is_free,
    summed.plan_rank,
    summed.plan_type,
    summed.quantity,
    summed.billed.unit as billing_interval,
    summed.billed.length as billing_interval_count,
    summed.billed.days as billing_interval_days,
    summed.billed.months as billing_interval_months,
    coalesce(summed.items_are_present_state, false) as items_are_present_state,
    case when summed.list_unknown_reason is null then cast(summed.known_value as decimal(18, 6)) end as list_value,
    case when summed.subscription_id is null then 'no_price' else summed.list_unknown_reason end as mrr_unknown_reason
from segments
left join statuses on segments.status = statuses.status
left join summed on segments.subscription_id = summed.subscription_id and segments.valid_from = summed.valid_from
