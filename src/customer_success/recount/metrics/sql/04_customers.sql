-- A household is a customer from signup on while its last day of activity lies less than churn_inactivity_days
-- back or a subscription is in force, until the account is closed. Without events silence is unknown: then it
-- is one until a paid subscription ends. Spells are the union of those stretches of days.
create table recount.customer_spells as
with without_events as (
    select home, signup_day as from_day from recount.households
    union
    select home, from_day from recount.in_force
),

stretches as (
    select
        without_events.home,
        without_events.from_day,
        coalesce(min(lapses.day) - 1, date '9999-12-30') as to_day
    from without_events
    left join recount.lapses
        on without_events.home = lapses.home and without_events.from_day < lapses.day
    where not (select has_events from recount.build)
    group by 1, 2
    union all
    select
        households.home,
        households.signup_day as from_day,
        households.signup_day + settings.churn_inactivity_days - 1 as to_day
    from recount.households
    cross join recount.settings
    where (select has_events from recount.build)
    union all
    select active.home, active.day, active.day + settings.churn_inactivity_days - 1
    from (select distinct home, day from recount.events) as active
    cross join recount.settings
    union all
    select home, from_day, to_day
    from recount.in_force
),

-- One stretch per first day: rows that tie would be numbered in any order.
clipped as (
    select
        stretches.home,
        greatest(stretches.from_day, households.signup_day) as from_day,
        max(least(stretches.to_day, households.closed_day - 1)) as to_day
    from stretches
    inner join recount.households
        on stretches.home = households.home
    where
        stretches.to_day >= households.signup_day
        and stretches.from_day < households.closed_day
        and households.signup_day < households.closed_day
    group by 1, 2
),

reached as (
    select
        home,
        from_day,
        to_day,
        max(to_day) over (
            partition by home order by from_day rows between unbounded preceding and 1 preceding
        ) as before_day
    from clipped
),

numbered as (
    select
        home,
        from_day,
        to_day,
        count(*) filter (where before_day is null or from_day > before_day + 1)
            over (partition by home order by from_day rows unbounded preceding) as spell
    from reached
)

select
    home,
    min(from_day) as from_day,
    max(to_day) as to_day
from numbered
group by home, spell;

-- Each household on each day that matters: whether it is a customer, its plan, what it pays. Without billing
-- data plans are unknown.
create table recount.states as
with customers as (
    select
        customer_spells.home,
        state_days.day,
        customer_spells.to_day + 1 as churned_day
    from recount.customer_spells
    inner join recount.state_days
        on state_days.day between customer_spells.from_day and customer_spells.to_day
)

select
    coalesce(customers.home, subscribed.home) as home,
    coalesce(customers.day, subscribed.day) as day,
    customers.home is not null as is_customer,
    customers.churned_day,
    case when build.has_plans then case when subscribed.home is null then 0 else subscribed.plan_rank end end
        as plan_rank,
    coalesce(subscribed.is_paying, false) as is_paying,
    case when subscribed.home is null then 0 else subscribed.mrr end as mrr
from customers
full join recount.subscribed
    on customers.home = subscribed.home and customers.day = subscribed.day
cross join recount.build;
