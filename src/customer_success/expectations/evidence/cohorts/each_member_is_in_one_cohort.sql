with cohorts as (
    select member_id, count(distinct date_trunc('month', joined_at)) as months
    from analytics.dim_members
    group by member_id
)

select
    'members in exactly one cohort' as item,
    count(*) filter (where months = 1) as observed,
    (select count(*) from staging.stg_app__household_members) as expected
from cohorts
