{{ config(severity='warn') }}

-- Lists Stripe products that seed plans does not name, with their subscriptions and what to do. The plan of these subscriptions
-- is unknown, never Free, and the build goes on.
with products as (
    select * from {{ ref('stg_stripe__product') }}
),

prices as (
    select price_id, product_id from {{ ref('stg_stripe__price') }}
),

subscriptions as (
    select subscription_id, price_id from {{ ref('stg_stripe__subscription_history') }}
)

select
    products.product_id,
    products.product_name,
    count(distinct subscriptions.subscription_id) as subscriptions,
    concat('name ', products.product_name, ' as stripe_product_name in seeds/rules/billing/plans.csv') as what_to_do
from products
anti join {{ ref('plans') }} as plans on products.product_name = plans.stripe_product_name
left join prices on products.product_id = prices.product_id
left join subscriptions on prices.price_id = subscriptions.price_id
group by products.product_id, products.product_name
