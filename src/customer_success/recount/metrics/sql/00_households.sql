-- Households under small numbers. Those that bought before they signed up are dated back once that is known.
create table recount.households as
select
    cast(row_number() over (order by id) as integer) as home,
    id as household_id,
    region,
    cast(created_at as date) as signup_day,
    coalesce(cast(closed_at as date), date '9999-12-31') as closed_day
from raw_kept.app__households;
