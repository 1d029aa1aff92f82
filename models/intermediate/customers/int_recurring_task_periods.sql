-- A recurring task is in use while its next occurrence is neither done nor deleted.
with tasks as (
    select household_id, cast(created_at as date) as created_date, cast(least(completed_at, deleted_at) as date) as ended_date
    from {{ ref('stg_app__tasks') }}
    where is_recurring
),

changes as (
    select household_id, created_date as day, 1 as change from tasks
    union all
    select household_id, ended_date, -1 from tasks where ended_date is not null
),

days as (
    select household_id, day, sum(change) as change from changes group by household_id, day
)

select
    household_id,
    day as valid_from,
    lead(day) over by_day as valid_until,
    cast(sum(change) over (by_day rows between unbounded preceding and current row) as bigint) as tasks
from days
window by_day as (partition by household_id order by day)
