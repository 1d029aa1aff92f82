-- Rates by the days on which they hold: until the next one, and for 7 days after their own.
create table recount.rates as
select
    currency,
    date as from_day,
    least(date + 8, lead(date, 1, date '9999-12-31') over (partition by currency order by date)) - 1 as to_day,
    cast(rate as double) as rate
from raw_kept.meta__fx_rates
where rate > 0
union all
select reporting_currency, date '0001-01-01', date '9999-12-31', 1
from recount.settings;

-- Plan of each product: by its id, else by its name; ignored where the seed maps it to no plan.
create table recount.products as
with mapped as (
    select
        stripe_products.product,
        stripe_products.plan_type is null as is_ignored,
        ranked_plans.plan_rank
    from recount.stripe_products
    left join recount.ranked_plans
        on stripe_products.plan_type = ranked_plans.plan_type
),

named as (
    select distinct on (price.product_id) price.product_id as id, product.name
    from (
        select product_id from raw_kept.stripe__price
        union all
        select product_id from raw_kept.stripe__plan
    ) as price
    left join raw_kept.stripe__product as product
        on price.product_id = product.id
)

select
    named.id,
    coalesce(by_id.is_ignored, by_name.is_ignored, false) as is_ignored,
    case
        when by_id.product is not null then by_id.plan_rank
        when by_name.product is not null then by_name.plan_rank
        -- Never more than one plan: a second row of a price would double what is paid.
        else (select max(plan_rank) from recount.ranked_plans where stripe_product_name = named.name)
    end as plan_rank
from named
left join mapped as by_id
    on named.id = by_id.product
left join mapped as by_name
    on named.name = by_name.product;
