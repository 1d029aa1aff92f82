with tasks as (
    select * from {{ ref('stg_app__tasks') }}
),

categories as (
    select category, is_care from {{ ref('care_task_categories') }}
)

-- Completions count up to the due time and deletions up to the due day, so that later events do not change the row.
select
    tasks.household_id,
    cast(tasks.due_at as date) as due_date,
    count(*) as care_tasks_due,
    count(*) filter (where tasks.completed_at <= tasks.due_at) as care_tasks_on_time
from tasks
left join categories on tasks.category = categories.category
where
    -- A category that the seed does not list counts as care; a missing category does not.
    coalesce(categories.is_care, tasks.category is not null)
    and cast(tasks.due_at as date) <= {{ as_of_date() }}
    and cast(tasks.created_at as date) <= cast(tasks.due_at as date)
    and (tasks.deleted_at is null or cast(tasks.deleted_at as date) > cast(tasks.due_at as date))
group by tasks.household_id, cast(tasks.due_at as date)
