-- Monthly value of a version of a subscription in cents, as numerator and denominator, without rounding. A missing
-- amount, quantity or interval makes it unknown.
create table recount.prices as
select
    price.id as price_id,
    -- Never more than one plan: a second row of a price would double what is paid.
    (select max(plan_rank) from recount.ranked_plans where stripe_product_name = product.name) as plan_rank,
    cast(price.unit_amount as hugeint)
        * (case when list_contains(settings.zero_decimal_currencies, lower(price.currency)) then 100 else 1 end)
        * billing_intervals.months_numerator as cents,
    price.recurring_interval_count * billing_intervals.months_denominator as months
from raw_kept.stripe__price as price
cross join recount.settings
left join raw_kept.stripe__product as product
    on price.product_id = product.id
left join recount.billing_intervals
    on price.recurring_interval = billing_intervals.billing_interval;

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
    statuses.is_paying,
    coalesce(prices.plan_rank, 0) as plan_rank,
    prices.cents * versions.quantity as cents,
    prices.months
from versions
inner join recount.subscription_statuses as statuses
    on versions.status = statuses.status
left join recount.prices
    on versions.price_id = prices.price_id
where
    statuses.is_in_force
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
