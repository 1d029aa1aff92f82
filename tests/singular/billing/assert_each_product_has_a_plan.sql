{{ config(severity='warn') }}

-- Lists Stripe products that subscriptions pay for and that seed stripe_products does not name, with the line to add. The plan of
-- these subscriptions is unknown, never Free, and the build goes on. A product that costs nothing needs no line.
select
    product_id,
    product_name,
    count(distinct subscription_id) as subscriptions,
    concat('seeds/rules/billing/stripe_products.csv: ', product_id, ',<plan_type>,"Sold as ', product_name, '"') as line_to_add
from {{ ref('int_subscription_lines') }}
where not is_mapped and not is_free
group by product_id, product_name
