-- The prices of each stretch: its own, else those of its items.
create table recount.lines as
with chosen as (
    select stretch, version_day, '' as item_id, price_id, quantity
    from recount.stretches
    where price_id is not null
    union all
    select stretches.stretch, stretches.version_day, items.item_id, items.price_id, items.quantity
    from recount.stretches
    inner join recount.items
        on stretches.id = items.subscription_id and stretches.from_day >= items.from_day
    where stretches.price_id is null
)

select
    chosen.stretch,
    chosen.item_id,
    chosen.quantity,
    prices.price_id is not null as has_price,
    prices.* exclude (price_id, cents),
    prices.cents * rates.rate
    * case
        when prices.divide_by is null then chosen.quantity
        when prices.rounds_up then ceil(chosen.quantity / prices.divide_by)
        else floor(chosen.quantity / prices.divide_by)
    end as worth
from chosen
left join recount.prices
    on chosen.price_id = prices.price_id
left join recount.rates
    on prices.currency = rates.currency and chosen.version_day between rates.from_day and rates.to_day;

-- Plan, seats and monthly value in cents of what a stretch sells.
create table recount.sold as
select
    stretch,
    bool_and(has_price and (is_ignored or is_nothing)) as is_nothing,
    max(plan_rank) filter (where counts) as plan_rank,
    case
        when bool_and(has_price and is_nothing) then sum(quantity)
        else sum(quantity) filter (where counts and plan_rank is not null)
    end as seats,
    case
        when bool_and(coalesce(is_nothing or worth is not null, false)) filter (where counts)
            then sum(case when is_nothing then 0 else worth end) filter (where counts)
    end as cents,
    arg_min(
        {'months': months, 'currency': currency, 'billing_interval': billing_interval},
        {'is_unknown': plan_rank is null, 'rank': -coalesce(plan_rank, 0), 'item': item_id}
    ) filter (where counts and has_price) as main
from recount.lines
cross join lateral (select not coalesce(is_ignored or is_one_time, false) as counts)
group by stretch;

-- What the coupons of a stretch leave of its value.
create table recount.reduced as
select
    stretches.stretch,
    product(reductions.remains) as remains,
    sum(reductions.cents * sold.main.months * rates.rate) as cents,
    bool_and(
        reductions.is_known
        and (reductions.cents = 0 or (rates.rate is not null and sold.main.months is not null))
    ) as is_known
from recount.stretches
inner join recount.reductions
    on
        (stretches.id = reductions.subscription_id or stretches.customer_id = reductions.customer_id)
        and stretches.from_day >= reductions.from_day
        and stretches.from_day < reductions.until_day
left join recount.sold
    on stretches.stretch = sold.stretch
left join recount.rates
    on
        coalesce(reductions.currency, sold.main.currency) = rates.currency
        and stretches.version_day between rates.from_day and rates.to_day
group by 1;
