select
    'joined on another day than in the app' as item, 0 as expected,
    count(*) filter (where here.joined_at is distinct from there.joined_at) as observed
from analytics.dim_members as here inner join staging.stg_app__household_members as there using (member_id)
union all
select 'left on another day than in the app', 0, count(*) filter (where here.left_at is distinct from there.left_at)
from analytics.dim_members as here inner join staging.stg_app__household_members as there using (member_id)
union all
select
    'signed up on another day than in the app', 0,
    count(*) filter (where here.signup_date is distinct from cast(there.created_at as date))
from analytics.dim_households as here inner join staging.stg_app__households as there using (household_id)
union all
select 'left before joining', 0, count(*) filter (where left_at < joined_at) from analytics.dim_members
