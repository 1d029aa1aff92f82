-- Does not use fct_household_daily, which waits for sessions and tasks; churn does not depend on them.
with active_days as (
    select distinct household_id, activity_date from {{ ref('fct_household_activity') }}
),

gaps as (
    select
        household_id,
        lag(activity_date) over (partition by household_id order by activity_date) as last_active_date,
        activity_date as active_again_on
    from active_days
    union all
    select household_id, max(activity_date), null from active_days group by household_id
)

select
    household_id,
    row_number() over (partition by household_id order by active_again_on nulls last) as gap_number,
    last_active_date,
    active_again_on
from gaps
where last_active_date is null or active_again_on is null or active_again_on > last_active_date + 1
