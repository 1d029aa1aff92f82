-- A price that a company has in both tables is read from the newer one.
with prices as (
    select * from {{ ref('stg_stripe__price') }}
    union all
    select plans.*
    from {{ ref('stg_stripe__plan') }} as plans
    anti join {{ ref('stg_stripe__price') }} as prices on plans.price_id = prices.price_id
),

products as (
    select product_id, product_name from {{ ref('stg_stripe__product') }}
),

sold_as as (
    select lower(product) as product, plan_type from {{ ref('stripe_products') }}
),

intervals as (
    select * from {{ ref('billing_intervals') }}
),

-- The seed names a product by its id or by its name.
mapped as (
    select
        prices.*,
        products.product_name,
        coalesce(by_id.product, by_name.product) is not null as is_mapped,
        case when by_id.product is not null then by_id.plan_type else by_name.plan_type end as plan_type,
        coalesce(prices.price_type = 'one_time', false) or prices.billing_interval is null as is_one_time
    from prices
    left join products on prices.product_id = products.product_id
    left join sold_as as by_id on lower(prices.product_id) = by_id.product
    left join sold_as as by_name on lower(products.product_name) = by_name.product
)

select
    mapped.price_id,
    mapped.product_id,
    mapped.product_name,
    mapped.plan_type,
    plans.plan_rank,
    mapped.is_mapped,
    mapped.is_mapped and mapped.plan_type is null as is_ignored,
    mapped.is_one_time or (mapped.unit_amount = 0 and mapped.billing_scheme is distinct from 'tiered') as is_free,
    mapped.currency,
    mapped.unit_amount,
    mapped.transform_quantity_divide_by,
    mapped.transform_quantity_round,
    mapped.billing_interval,
    mapped.billing_interval_count,
    mapped.billing_interval_count * intervals.days as billing_interval_days,
    intervals.months_numerator,
    intervals.months_denominator,
    case
        when mapped.is_one_time then null
        when mapped.billing_scheme = 'tiered' then 'tiered_price'
        when mapped.unit_amount is null then 'no_amount'
        when mapped.unit_amount = 0 then null
        when mapped.usage_type = 'metered' then 'metered_price'
        when coalesce(mapped.billing_interval_count * intervals.days, 0) = 0 then 'unknown_interval'
    end as mrr_unknown_reason
from mapped
left join {{ ref('plans') }} as plans on mapped.plan_type = plans.plan_type
left join intervals on mapped.billing_interval = intervals.billing_interval
