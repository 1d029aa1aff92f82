-- Closing the account ends all subscriptions.
with in_force as (
    select
        *,
        (is_paying, coalesce(plan_rank, -1), started_at, subscription_id) as precedence,
        least(valid_until, closed_date) as in_force_until
    from {{ ref('int_subscription_periods') }}
    where is_in_force and household_id is not null and valid_from < {{ open_end('closed_date') }}
),

boundaries as (
    select household_id, signup_date as valid_from from {{ ref('int_household_signups') }}
    union
    select household_id, valid_from from in_force
    union
    select household_id, in_force_until from in_force where in_force_until is not null
),

segments as (
    select
        household_id,
        valid_from,
        lead(valid_from) over (partition by household_id order by valid_from) as valid_until
    from boundaries
    where valid_from <= {{ as_of_date() }}
),

summed as (
    select
        segments.household_id,
        segments.valid_from,
        segments.valid_until,
        count(in_force.subscription_id) > 0 as is_in_force,
        coalesce(bool_or(in_force.is_paying), false) as is_paying,
        coalesce(bool_or(in_force.is_trialing), false) as is_trialing,
        max(in_force.plan_rank) as plan_rank,
        case
            when count(in_force.subscription_id) = 0 then 0
            -- Null if one price is unknown. Values have six decimals; rounding to five first makes half cents of the sum exact.
            when count(in_force.subscription_id) = count(in_force.mrr) then round(round(sum(in_force.mrr), 5), 2)
        end as mrr,
        cast(coalesce(sum(in_force.quantity), 0) as bigint) as seats,
        -- The interval is that of the main subscription: paying before trial, higher plan, later start.
        max_by(in_force.billing_interval_count || ' ' || in_force.billing_interval, in_force.precedence) as billing_interval
    from segments
    left join in_force
        on
            segments.household_id = in_force.household_id
            and in_force.valid_from <= segments.valid_from
            and {{ open_end('in_force.in_force_until') }} > segments.valid_from
    group by segments.household_id, segments.valid_from, segments.valid_until
)

-- Without billing data plans are unknown, not Free.
select
    summed.household_id,
    summed.valid_from,
    summed.valid_until,
    {% if source_is_present('stripe', 'subscription_history') -%}
    summed.is_in_force,
    summed.is_paying,
    not summed.is_paying and summed.is_trialing as is_trialing,
    plans.plan_type,
    plans.plan_rank,
    cast(summed.mrr as decimal(18, 2)) as mrr,
    summed.seats,
    summed.billing_interval
    {%- else -%}
    cast(null as boolean) as is_in_force,
    cast(null as boolean) as is_paying,
    cast(null as boolean) as is_trialing,
    cast(null as varchar) as plan_type,
    cast(null as integer) as plan_rank,
    cast(null as decimal(18, 2)) as mrr,
    cast(null as bigint) as seats,
    cast(null as varchar) as billing_interval
    {%- endif %}
from summed
-- A subscription whose plan is not known leaves the plan unknown, never Free.
left join {{ ref('plans') }} as plans on case when summed.is_in_force then summed.plan_rank else 0 end = plans.plan_rank
