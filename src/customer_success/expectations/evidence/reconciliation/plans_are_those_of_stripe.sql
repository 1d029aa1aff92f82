-- The highest plan in force of each household; the lowest plan without a subscription.
with there as (
    select
        s.household_id,
        max(plans.plan_rank) as plan_rank
    from subscription_days as s
    inner join rules.subscription_statuses as statuses using (status)
    left join staging.stg_stripe__price using (price_id)
    left join staging.stg_stripe__product using (product_id)
    left join rules.plans on stg_stripe__product.product_name = plans.stripe_product_name
    where s.valid_from <= as_of() and s.valid_until > as_of() and statuses.is_in_force
    group by s.household_id
),

households as (
    select
        dim_households.plan_type as observed,
        plans.plan_type as expected
    from staging.stg_app__households as h
    left join there using (household_id)
    left join rules.plans
        on plans.plan_rank = case when h.closed_date <= as_of() then 0 else coalesce(there.plan_rank, 0) end
    left join analytics.dim_households using (household_id)
    where exists (select 1 from staging.stg_stripe__subscription_history)
)

select
    expected || ' in Stripe' as item,
    count(*) filter (where observed is not distinct from expected) as observed,
    count(*) as expected
from households
group by households.expected
