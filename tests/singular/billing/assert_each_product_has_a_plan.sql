-- Lists Stripe products that are missing in seed plans; their subscribers would have an unknown plan.
select products.product_id, products.product_name
from {{ ref('stg_stripe__product') }} as products
anti join {{ ref('plans') }} as plans on products.product_name = plans.stripe_product_name
