-- The plan of who has a subscription in force; the highest where there are several.
with there as (
    select s.household_id, max(case product_name when 'Enterprise' then 2 when 'Premium' then 1 end) as plan
    from subscription_days as s
    left join staging.stg_stripe__price using (price_id) left join staging.stg_stripe__product using (product_id)
    where s.valid_from <= as_of() and s.valid_until > as_of() and s.status in ('active', 'trialing', 'past_due')
    group by 1
),

households as (
    select h.household_id, d.plan_type, case when h.closed_date <= as_of() then 0 else coalesce(t.plan, 0) end as plan
    from staging.stg_app__households as h
    left join there as t using (household_id) left join analytics.dim_households as d using (household_id)
    where exists (select 1 from staging.stg_stripe__subscription_history)
)

select
    ['Free', 'Premium', 'Enterprise'][plan + 1] || ' in Stripe' as item,
    count(*) filter (where plan_type = ['Free', 'Premium', 'Enterprise'][plan + 1]) as observed,
    count(*) as expected
from households group by plan
