with prices as (
    select * from {{ ref('stg_stripe__price') }}
),

products as (
    select * from {{ ref('stg_stripe__product') }}
),

plans as (
    select plan_type, plan_rank, stripe_product_name from {{ ref('plans') }}
),

intervals as (
    select * from {{ ref('billing_intervals') }}
)

select
    prices.price_id,
    plans.plan_type,
    plans.plan_rank,
    prices.unit_amount,
    prices.billing_interval,
    prices.billing_interval_count,
    prices.billing_interval_count * intervals.days as billing_interval_days,
    intervals.months_numerator,
    intervals.months_denominator
from prices
left join products on prices.product_id = products.product_id
left join plans on products.product_name = plans.stripe_product_name
left join intervals on prices.billing_interval = intervals.billing_interval
