-- The highest plan in force of each household; the lowest plan without a subscription, unknown where no plan of one is known.
with there as (
    select s.household_id, max(l.plan_rank) as plan_rank
    from subscription_states as s
    left join subscription_lines as l
        on s.subscription_id = l.subscription_id and s.valid_from = l.version_from and l.line_from <= as_of()
    where s.from_day <= as_of() and s.until_day > as_of()
    group by s.household_id
),

households as (
    select
        dim_households.plan_type as observed,
        plans.plan_type as expected
    from staging.stg_app__households as h
    left join there using (household_id)
    left join rules.plans
        on plans.plan_rank = case when h.closed_date <= as_of() or there.household_id is null then 0 else there.plan_rank end
    left join analytics.dim_households using (household_id)
    where exists (select 1 from staging.stg_stripe__subscription_history)
)

select
    coalesce(expected, 'no known plan') || ' in Stripe' as item,
    count(*) filter (where observed is not distinct from expected) as observed,
    count(*) as expected
from households
group by households.expected
