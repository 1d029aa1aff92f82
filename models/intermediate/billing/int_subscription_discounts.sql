-- A discount that a company has in both tables is read from the newer one.
with discounts as (
    select * from {{ ref('stg_stripe__discount') }}
    union all by name
    select older.*
    from {{ ref('stg_stripe__subscription_discount') }} as older
    anti join {{ ref('stg_stripe__discount') }} as newer on older.discount_id = newer.discount_id
),

subscriptions as (
    select distinct subscription_id, customer_id from {{ ref('stg_stripe__subscription_history') }}
    union
    select distinct subscription_id, customer_id from {{ ref('stg_stripe__unlinked_subscription_history') }}
),

coupons as (
    select * from {{ ref('stg_stripe__coupon') }}
),

-- Those of an invoice change what is paid once, and not what is agreed.
owned as (
    select
        discount_id,
        coupon_id,
        coalesce(subscription_id, case when discount_type = 'subscription' then discount_type_id end) as subscription_id,
        coalesce(customer_id, case when discount_type = 'customer' then discount_type_id end) as customer_id,
        start_at,
        end_at
    from discounts
    where invoice_id is null and invoice_item_id is null and not coalesce(discount_type like 'invoice%', false)
),

of_subscriptions as (
    select subscription_id, discount_id, coupon_id, start_at, end_at from owned where subscription_id is not null
    union
    select subscriptions.subscription_id, owned.discount_id, owned.coupon_id, owned.start_at, owned.end_at
    from owned
    inner join subscriptions on owned.customer_id = subscriptions.customer_id
    where owned.subscription_id is null
)

select
    of_subscriptions.subscription_id,
    of_subscriptions.discount_id,
    cast(of_subscriptions.start_at as date) as discount_from,
    cast(
        coalesce(
            of_subscriptions.end_at,
            case
                when coupons.duration = 'repeating'
                    then {{ dbt.dateadd('month', 'coupons.duration_in_months', 'of_subscriptions.start_at') }}
            end
        ) as date
    ) as discount_until,
    coupons.percent_off,
    coupons.amount_off,
    coupons.currency,
    coalesce(coupons.percent_off, coupons.amount_off) is not null as is_known
from of_subscriptions
left join coupons on of_subscriptions.coupon_id = coupons.coupon_id
where coupons.duration is distinct from 'once'
