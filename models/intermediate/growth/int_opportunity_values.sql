-- What an opportunity is worth per month as of the day on which it was identified; null where it is nothing or unknown.
with spells as (
    select opportunity_id, household_id, opportunity_type, identified_at from {{ ref('int_opportunity_spells') }}
),

customers as (
    select household_id, score_date, plan_rank, mrr, seats, member_count from {{ ref('int_growth_sundays') }}
),

types as (
    select opportunity_type, won_by from {{ ref('opportunity_types') }}
),

next_plans as (
    select plans.plan_rank, plans.plan_type, coalesce(pricing.is_per_seat, false) as is_per_seat
    from {{ ref('plans') }} as plans
    left join {{ ref('plan_pricing') }} as pricing on plans.plan_type = pricing.plan_type
),

valued as (
    select
        spells.*,
        next_plans.plan_type as next_plan,
        types.won_by,
        case
            when types.won_by = 'seats' and customers.member_count > customers.seats
                then customers.mrr / nullif(customers.seats, 0) * (customers.member_count - customers.seats)
            when types.won_by = 'plan'
                then prices.monthly_price * case when next_plans.is_per_seat then customers.member_count else 1 end - customers.mrr
        end as value
    from spells
    inner join types on spells.opportunity_type = types.opportunity_type
    inner join customers on spells.household_id = customers.household_id and spells.identified_at = customers.score_date
    left join next_plans on customers.plan_rank + 1 = next_plans.plan_rank
    left join {{ ref('int_plan_monthly_prices') }} as prices
        on spells.identified_at = prices.day and next_plans.plan_type = prices.plan_type
)

select
    opportunity_id,
    case when won_by = 'plan' then next_plan end as recommended_plan,
    case when value > 0 then cast(round(value, 2) as decimal(18, 2)) end as estimated_value
from valued
