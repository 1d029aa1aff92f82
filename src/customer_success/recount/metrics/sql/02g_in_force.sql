-- Stretches in force from their first to their last day, with what they pay in cents; null where it is unknown. A
-- trial of somebody who paid before with the same subscription is a free period: still paying.
create table recount.in_force as
with worth as (
    select
        stretches.*,
        stretches.lasts and not coalesce(sold.is_nothing, false) as is_in_force,
        sold.plan_rank,
        sold.seats,
        sold.main.billing_interval as billing_interval,
        sold.cents as list_cents,
        coalesce(reduced.remains, 1) as remains,
        case
            when reduced.remains = 0 then 0
            -- greatest() would take 0 for an unknown value.
            when sold.cents is not null and coalesce(reduced.is_known, true)
                then greatest(0, sold.cents * coalesce(reduced.remains, 1) - coalesce(reduced.cents, 0))
        end as net_cents,
        stretches.price_id is null and sold.stretch is not null as has_items
    from recount.stretches
    left join recount.sold
        on stretches.stretch = sold.stretch
    left join recount.reduced
        on stretches.stretch = reduced.stretch
),

paid as (
    select
        *,
        not says_paying and coalesce(
            bool_or(is_in_force and says_paying and not is_paused)
                over (partition by id order by place range between unbounded preceding and current row exclude group),
            false
        ) as is_free
    from worth
)

select
    home,
    id,
    from_day,
    until_day - 1 as to_day,
    plan_rank,
    seats,
    billing_interval,
    has_items,
    (says_paying or is_free) and not is_paused as is_paying,
    not says_paying and not is_free as is_trial,
    case when is_paying and not is_free then net_cents else 0 end as cents,
    case when is_paying and not is_free and remains > 0 then list_cents else 0 end as list_cents
from paid
where is_in_force and from_day < until_day;

-- Sign-up is the first day in force where that is earlier than the household's creation.
update recount.households
set signup_day = least(signup_day, first_days.day)
from (select home, min(from_day) as day from recount.in_force group by home) as first_days
where households.home = first_days.home;
