with periods as (
    select * from {{ ref('int_household_plan_periods') }}
),

compared as (
    select
        household_id,
        valid_from as changed_at,
        lag(plan_type) over history as from_plan,
        plan_type as to_plan,
        lag(plan_rank) over history as from_rank,
        plan_rank as to_rank,
        lag(is_paying) over history as was_paying,
        is_paying,
        lag(is_trialing) over history as was_trialing,
        is_trialing,
        lag(is_in_force) over history as was_in_force,
        is_in_force,
        lag(mrr) over history as mrr_before,
        mrr as mrr_after,
        lag(seats) over history as seats_before,
        seats as seats_after,
        lag(billing_interval) over history as interval_before,
        billing_interval as interval_after,
        row_number() over history as period_number
    from periods
    window history as (partition by household_id order by valid_from)
),

-- A subscription that began on or before the day of signup is a change from Free.
with_before as (
    select
        compared.* replace (
            case when compared.period_number = 1 then free_plan.plan_type else compared.from_plan end as from_plan,
            case when compared.period_number = 1 then free_plan.plan_rank else compared.from_rank end as from_rank,
            coalesce(compared.was_trialing, false) as was_trialing,
            coalesce(compared.was_paying, false) as was_paying,
            coalesce(compared.was_in_force, false) as was_in_force,
            case when compared.period_number = 1 then 0 else compared.mrr_before end as mrr_before,
            coalesce(compared.seats_before, 0) as seats_before
        )
    from compared
    inner join {{ ref('plans') }} as free_plan on free_plan.plan_rank = 0
    where compared.to_plan is not null and (compared.from_plan is not null or compared.period_number = 1)
),

-- One change per household and day; a trial takes precedence over the plan, then seats, interval and price.
classified as (
    select
        *,
        case
            when not was_in_force and is_trialing then 'trial_started'
            when was_trialing and not is_in_force then 'trial_expired'
            when was_trialing and is_paying then 'trial_converted'
            when from_plan <> to_plan and (was_paying or is_paying) then from_plan || '_to_' || to_plan
            -- Changes of seats and interval in a trial do not change revenue.
            when was_paying and is_paying and seats_after > seats_before then 'seats_added'
            when was_paying and is_paying and seats_after < seats_before then 'seats_removed'
            when was_paying and is_paying and (interval_after is distinct from interval_before) then 'interval_changed'
            when (mrr_after is distinct from mrr_before) then 'price_changed'
        end as change_type
    from with_before
)

select
    household_id,
    changed_at,
    change_type,
    from_plan,
    to_plan,
    mrr_before,
    mrr_after,
    mrr_after - mrr_before as mrr_delta,
    case when change_type = from_plan || '_to_' || to_plan and to_rank > from_rank then changed_at end as upgrade_date,
    case when change_type = from_plan || '_to_' || to_plan and to_rank < from_rank then changed_at end as downgrade_date
from classified
where change_type is not null
