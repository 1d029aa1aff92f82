-- Households of which every day is checked; the draw depends on the last day alone.
create temp table sampled_households as
select household_id, signup_date, closed_date
from staging.stg_app__households
order by md5(household_id || as_of())
limit $sample
