-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_customer_touched_days') }}
{{ config(materialized='incremental', meta={'date_column': 'activity_date'}) }}

with activity as (
    select * from {{ ref('fct_household_activity') }}
    {% if is_incremental() -%}
    where activity_date >= {{ first_day() }}
    {%- endif %}
),

pets as (
    select pet_id, household_id, added_date from {{ ref('stg_app__pets') }}
)

select
    activity.household_id,
    activity.user_id,
    activity.activity_date,
    count(*) as events,
    count(*) filter (where activity.event_type = 'app_open') as app_opens,
    count(*) filter (where activity.event_type = 'task_completion') as tasks_completed,
    count(*) filter (where activity.event_type = 'photo_upload') as photos_uploaded,
    count(*) filter (where activity.event_type = 'cancellation_requested') as cancellation_requests,
    count(*) filter (where hour(activity.event_at) between {{ var('peak_hours')[0] }} and {{ var('peak_hours')[1] }} - 1)
        as peak_hour_events,
    -- Care of a pet of the same household. The event may precede the day on which the pet was added.
    min(pets.added_date) as pet_known_from
from activity
left join pets on activity.pet_id = pets.pet_id and activity.household_id = pets.household_id
group by activity.household_id, activity.user_id, activity.activity_date
