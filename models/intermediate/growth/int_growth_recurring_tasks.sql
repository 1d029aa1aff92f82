-- In use are recurring tasks that are open and due within 30 days: on each day from 30 days before the due date to that date.
with tasks as (
    select
        household_id,
        greatest(cast(created_at as date), cast(due_at as date) - {{ var('due_soon_days') }}) as in_use_from,
        least(
            cast(due_at as date) + 1,
            {{ open_end('cast(completed_at as date)') }},
            {{ open_end('cast(deleted_at as date)') }}
        ) as in_use_until
    from {{ ref('stg_app__tasks') }}
    where is_recurring and due_at is not null
),

changes as (
    select household_id, in_use_from as day, 1 as change from tasks where in_use_from < in_use_until
    union all
    select household_id, in_use_until, -1 from tasks where in_use_from < in_use_until
),

days as (
    select household_id, day, sum(change) as change from changes group by household_id, day
)

select
    household_id,
    day as valid_from,
    cast(sum(change) over (partition by household_id order by day) as bigint) as tasks
from days
