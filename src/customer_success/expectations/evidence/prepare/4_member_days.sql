-- Days with events of people who were ever members, for the sample, and for all on days 7 and 30 after joining.
create temp table member_days as
select distinct e.household_id, e.user_id, e.event_date as day
from staging.stg_product__events as e
inner join staging.stg_app__household_members as m on e.household_id = m.household_id and e.user_id = m.user_id
left join sampled_households as s on e.household_id = s.household_id
where s.household_id is not null or e.event_date - m.joined_date in (7, 30)
