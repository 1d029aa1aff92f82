-- Plan, payment and MRR at the end of a day, for households with anything in force. The highest plan that is known
-- counts. Six decimals of a cent are kept before half a cent goes up.
create table recount.subscribed as
select
    in_force.home,
    state_days.day,
    bool_or(in_force.is_paying) as is_paying,
    max(in_force.plan_rank) as plan_rank,
    case
        when bool_and(in_force.cents is not null)
            then cast(round(cast(round(sum(in_force.cents), 6) as decimal(24, 6)), 0) as bigint)
    end as mrr
from recount.in_force
inner join recount.state_days
    on state_days.day between in_force.from_day and in_force.to_day
group by 1, 2;
