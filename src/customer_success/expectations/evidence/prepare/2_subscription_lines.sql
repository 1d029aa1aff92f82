-- What each version costs per month in the reporting currency, price by price, from the day on which the price holds.
create temp macro rate_on(of_currency, day) as case
    when of_currency = lower(text_var('reporting_currency')) then 1
    else (
        select max_by(r.rate, r.rate_date)
        from staging.stg_meta__fx_rates as r
        where r.currency = of_currency and day - r.rate_date between 0 and int_var('fx_rate_days')
    )
end;

create temp table subscription_lines as
with prices as (
    select * from staging.stg_stripe__price
    union all
    select * from staging.stg_stripe__plan where price_id not in (select price_id from staging.stg_stripe__price)
),

named as (
    select p.*, coalesce(by_id.product, by_name.product) as product, if(by_id.product is null, by_name.plan_type, by_id.plan_type) as sold_as
    from prices as p
    left join staging.stg_stripe__product as names using (product_id)
    left join rules.stripe_products as by_id on lower(p.product_id) = lower(by_id.product)
    left join rules.stripe_products as by_name on lower(names.product_name) = lower(by_name.product)
),

priced as (
    select
        named.*,
        plans.plan_rank,
        i.months_numerator / nullif(i.months_denominator * named.billing_interval_count, 0) as intervals_per_month,
        product is not null and sold_as is null as is_ignored,
        coalesce(price_type = 'one_time', false) or billing_interval is null
        or coalesce(unit_amount = 0 and billing_scheme is distinct from 'tiered', false) as is_free
    from named
    left join rules.plans on named.sold_as = plans.plan_type
    left join rules.billing_intervals as i using (billing_interval)
),

lines as (
    select subscription_id, valid_from as version_from, valid_from as line_from, price_id, quantity
    from subscription_days
    where price_id is not null
    union all
    select s.subscription_id, s.valid_from, greatest(s.valid_from, i.item_from), i.price_id, i.quantity
    from subscription_days as s
    inner join staging.stg_stripe__subscription_item as i on s.subscription_id = i.subscription_id and i.item_from < s.valid_until
    where s.price_id is null
)

select
    lines.subscription_id,
    lines.version_from,
    lines.line_from,
    priced.plan_rank,
    priced.intervals_per_month,
    coalesce(priced.is_free, false) as is_free,
    coalesce(priced.is_ignored, false) as is_ignored,
    case
        when priced.is_free then 0
        when priced.billing_scheme = 'tiered' or priced.usage_type = 'metered' then null
        else
            priced.unit_amount * rate_on(priced.currency, lines.version_from) * priced.intervals_per_month * case
                when priced.transform_quantity_divide_by is null then coalesce(lines.quantity, 1)
                when priced.transform_quantity_round = 'down' then floor(coalesce(lines.quantity, 1) / priced.transform_quantity_divide_by)
                else ceil(coalesce(lines.quantity, 1) / priced.transform_quantity_divide_by)
            end
    end as monthly_value
from lines
left join priced using (price_id)
