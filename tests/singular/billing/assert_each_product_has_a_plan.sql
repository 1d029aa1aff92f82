-- A Stripe product that the seed of plans does not know would make its subscribers' plan unknown: say which it is.
select products.product_id, products.product_name
from {{ ref('stg_stripe__product') }} as products
anti join {{ ref('plans') }} as plans on products.product_name = plans.stripe_product_name
