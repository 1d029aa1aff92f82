-- A household signed up when it was created, or on the first day in force where that is before.
create temp table signups as
select
    h.household_id,
    least(cast(h.created_at as date), coalesce(min(s.from_day), cast(h.created_at as date))) as signup_date,
    h.closed_date
from staging.stg_app__households as h
left join subscription_states as s
    on h.household_id = s.household_id and s.from_day < coalesce(h.closed_date, never())
group by h.household_id, h.created_at, h.closed_date;

-- Households of which every day is checked; the draw depends on the last day alone.
create temp table sampled_households as
select household_id, signup_date, closed_date
from signups
order by md5(household_id || as_of())
limit $sample
