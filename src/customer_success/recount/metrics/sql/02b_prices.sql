-- Prices and plans under one id, with the value of one unit a month in cents of their currency. Several billing
-- schemes have no such value.
create table recount.prices as
with both_kinds as (
    select *, true as is_price from raw_kept.stripe__price
    union all
    select *, false from raw_kept.stripe__plan
),

read as (
    select
        both_kinds.*,
        coalesce(cast(unit_amount as double), cast(unit_amount_decimal as double)) as amount,
        coalesce(
            type = 'one_time',
            is_price and recurring_interval is null and recurring_interval_count is null
        ) as is_one_time,
        case
            when recurring_interval_count > 0
                then billing_intervals.months_numerator / (billing_intervals.months_denominator * recurring_interval_count)
        end as months
    from both_kinds
    left join recount.billing_intervals
        on both_kinds.recurring_interval = billing_intervals.billing_interval
    qualify row_number() over (partition by both_kinds.id order by is_price desc) = 1
)

select
    read.id as price_id,
    products.plan_rank,
    coalesce(products.is_ignored, false) as is_ignored,
    read.currency,
    read.is_one_time,
    read.months,
    nullif(read.transform_quantity_divide_by, 0) as divide_by,
    coalesce(read.transform_quantity_round = 'up', false) as rounds_up,
    coalesce(read.billing_scheme = 'tiered', false) or coalesce(read.recurring_usage_type = 'metered', false) as varies,
    read.is_one_time or coalesce(read.amount = 0 and not varies, false) as is_nothing,
    read.recurring_interval || ' ' || read.recurring_interval_count as billing_interval,
    case when not varies then
        read.amount * read.months
        * case when list_contains(settings.zero_decimal_currencies, read.currency) then 100 else 1 end
    end as cents
from read
cross join recount.settings
left join recount.products
    on read.product_id = products.id;
