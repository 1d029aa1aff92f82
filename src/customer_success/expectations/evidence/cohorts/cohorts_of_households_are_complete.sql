with here as (
    select date_trunc('month', signup_date) as month, count(distinct household_id) as households
    from analytics.dim_households
    group by 1
),

there as (
    select date_trunc('month', signup_date) as month, count(*) as households
    from signups
    group by 1
)

select
    coalesce(strftime(coalesce(here.month, there.month), '%Y-%m'), 'no month') as item,
    here.households as observed,
    there.households as expected
from here
full join there on here.month is not distinct from there.month
