with segments as (
    select subscription_id, valid_from, version_from from {{ ref('int_subscription_segments') }}
),

discounts as (
    select * from {{ ref('int_subscription_discounts') }}
),

rates as (
    select currency, rate_date, rate from {{ ref('stg_meta__fx_rates') }}
),

-- Discounts in force in each segment; amounts off at the rate of the version's first day, as its price.
in_force as (
    select
        segments.subscription_id,
        segments.valid_from,
        discounts.is_known,
        coalesce(discounts.percent_off, 0) as percent_off,
        coalesce(discounts.amount_off, 0) as amount_off,
        {{ exchange_rate('discounts.currency', 'segments.version_from') }} as rate
    from segments
    inner join discounts
        on
            segments.subscription_id = discounts.subscription_id
            and discounts.discount_from <= segments.valid_from
            and {{ open_end('discounts.discount_until') }} > segments.valid_from
)

-- Percentages multiply, then amounts are taken off.
select
    subscription_id,
    valid_from,
    product(1 - percent_off / 100) as kept_share,
    coalesce(sum(amount_off * rate), 0) as amount_off,
    case
        when not bool_and(is_known) then 'no_coupon'
        when bool_or(amount_off > 0 and rate is null) then 'no_exchange_rate'
    end as mrr_unknown_reason
from in_force
group by subscription_id, valid_from
