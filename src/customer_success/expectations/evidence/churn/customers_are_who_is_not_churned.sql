with there as (
    select household_id, not is_churned and not closed_on_signup as is_customer
    from household_days
    where day = as_of()
),

here as (
    select household_id, is_active
    from analytics.dim_households
    semi join sampled_households using (household_id)
)

select
    household_id as item,
    cast(here.is_active as integer) as observed,
    cast(there.is_customer as integer) as expected
from there
full join here using (household_id)
