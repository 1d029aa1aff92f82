with members as (
    select
        here.joined_at,
        here.left_at,
        there.joined_at as joined_there,
        there.left_at as left_there
    from analytics.dim_members as here
    inner join staging.stg_app__household_members as there using (member_id)
),

households as (
    select here.signup_date, there.signup_date as signup_there
    from analytics.dim_households as here
    inner join signups as there using (household_id)
)

select
    'joined on another day than in the app' as item,
    count(*) filter (where joined_at is distinct from joined_there) as observed,
    0 as expected
from members
union all
select 'left on another day than in the app', count(*) filter (where left_at is distinct from left_there), 0
from members
union all
select 'left before joining', count(*) filter (where left_at < joined_at), 0
from members
union all
select 'signed up on another day than in the app and in Stripe', count(*) filter (where signup_date is distinct from signup_there), 0
from households
