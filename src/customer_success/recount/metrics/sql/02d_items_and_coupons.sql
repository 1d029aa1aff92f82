-- What items add, from the day of their creation; the earliest from the start of the subscription.
create table recount.items as
select
    subscription_id,
    id as item_id,
    coalesce(price_id, plan_id) as price_id,
    coalesce(quantity, 1) as quantity,
    case
        when created = min(created) over (partition by subscription_id) then date '0001-01-01'
        else cast(created as date)
    end as from_day
from raw_kept.stripe__subscription_item;

-- What coupons take off, from one day to another. Those of invoices and those that are used once do not count.
create table recount.reductions as
with given as (
    select id, type, type_id, coupon_id, customer_id, subscription_id, invoice_id, invoice_item_id, "start", "end"
    from raw_kept.stripe__discount
    union all by name
    select id, coupon_id, customer_id, subscription_id, invoice_id, invoice_item_id, "start", "end"
    from raw_kept.stripe__subscription_discount
    where id not in (select id from raw_kept.stripe__discount)
),

held as (
    select
        *,
        coalesce(subscription_id, case when type = 'subscription' then type_id end) as of_subscription,
        coalesce(customer_id, case when type = 'customer' then type_id end) as of_customer
    from given
    where
        invoice_id is null
        and invoice_item_id is null
        and coalesce(type, 'customer') in ('customer', 'subscription')
)

select
    held.of_subscription as subscription_id,
    case when held.of_subscription is null then held.of_customer end as customer_id,
    cast(held."start" as date) as from_day,
    coalesce(
        cast(held."end" as date),
        case when coupon.duration = 'repeating' then cast(held."start" + to_months(coupon.duration_in_months) as date) end,
        date '9999-12-31'
    ) as until_day,
    -- Without terms it is unknown what a coupon takes off.
    coupon.id is not null
    and (coupon.percent_off is not null or coupon.amount_off is not null)
    and (
        held."end" is not null
        or coupon.duration is distinct from 'repeating'
        or coupon.duration_in_months is not null
    ) as is_known,
    case when is_known then greatest(0, 1 - coalesce(cast(coupon.percent_off as double), 0) / 100) else 1 end as remains,
    coupon.currency,
    coalesce(coupon.amount_off, 0)
    * case when list_contains(settings.zero_decimal_currencies, coupon.currency) then 100 else 1 end as cents
from held
cross join recount.settings
left join raw_kept.stripe__coupon as coupon
    on held.coupon_id = coupon.id
where coupon.duration is distinct from 'once';
