with here as (
    select date_trunc('month', joined_at) as month, count(distinct member_id) as members
    from analytics.dim_members
    group by 1
),

there as (
    select date_trunc('month', joined_at) as month, count(*) as members
    from staging.stg_app__household_members
    group by 1
)

select
    coalesce(strftime(coalesce(here.month, there.month), '%Y-%m'), 'no month') as item,
    here.members as observed,
    there.members as expected
from here
full join there on here.month is not distinct from there.month
