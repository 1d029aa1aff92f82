-- What a version of a subscription is worth a month in cents, as numerator and denominator: no rounding on the way.
-- An amount, quantity or interval that is not there leaves it unknown.
create table recount.prices as
select
    price.id as price_id,
    case product.name when 'Premium' then 1 when 'Enterprise' then 2 else 0 end as plan_rank,
    cast(price.unit_amount as hugeint)
        * (case when lower(price.currency) in (
            'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', 'xof',
            'xpf'
        ) then 100 else 1 end)
        * (case price.recurring_interval when 'week' then 52 when 'day' then 365 else 1 end) as cents,
    price.recurring_interval_count
        * (case price.recurring_interval when 'month' then 1 when 'year' then 12 when 'week' then 12 when 'day' then 12 end)
        as months
from raw_kept.stripe__price as price
left join raw_kept.stripe__product as product
    on price.product_id = product.id;

-- From the day at whose end a version is the latest to the day before that of the next.
create table recount.in_force as
with versions as (
    select
        households.home,
        households.closed_day,
        history.id,
        history.status,
        history.price_id,
        history.quantity,
        cast(history._fivetran_start as date) as from_day,
        lead(cast(history._fivetran_start as date), 1, date '9999-12-31')
            over (partition by households.home, history.id order by history._fivetran_start) as next_day
    from raw_kept.stripe__subscription_history as history
    inner join recount.households
        on history.household_id = households.household_id
)

select
    versions.home,
    versions.from_day,
    least(versions.next_day, versions.closed_day) - 1 as to_day,
    versions.status <> 'trialing' as is_paying,
    coalesce(prices.plan_rank, 0) as plan_rank,
    prices.cents * versions.quantity as cents,
    prices.months
from versions
left join recount.prices
    on versions.price_id = prices.price_id
where
    versions.status in ('active', 'trialing', 'past_due')
    and versions.from_day < least(versions.next_day, versions.closed_day);

-- Plan, payment and MRR at the end of a day, for households with anything in force; fractions are added exactly.
create table recount.subscribed as
with at_days as (
    select
        in_force.home,
        state_days.day,
        in_force.is_paying,
        in_force.plan_rank,
        case when in_force.is_paying then in_force.cents else 0 end as cents,
        case when in_force.is_paying then in_force.months else 1 end as months
    from recount.in_force
    inner join recount.state_days
        on state_days.day between in_force.from_day and in_force.to_day
),

bases as (
    select
        home,
        day,
        bool_or(is_paying) as is_paying,
        max(plan_rank) as plan_rank,
        bool_and(cents is not null and months is not null and months > 0) as is_mrr_known,
        list_reduce(list(cast(months as hugeint)), lambda one, other: lcm(one, other)) as base
    from at_days
    group by 1, 2
),

sums as (
    select
        bases.home,
        bases.day,
        any_value(bases.is_paying) as is_paying,
        any_value(bases.plan_rank) as plan_rank,
        any_value(bases.is_mrr_known) as is_mrr_known,
        any_value(bases.base) as base,
        sum(at_days.cents * (bases.base // at_days.months)) as cents
    from bases
    inner join at_days
        on bases.home = at_days.home and bases.day = at_days.day
    group by 1, 2
)

select
    home,
    day,
    is_paying,
    plan_rank,
    -- Half a cent goes up.
    case when is_mrr_known then cast((2 * cents + base) // (2 * base) as bigint) end as mrr
from sums;
