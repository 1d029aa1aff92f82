with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }}
),

care as (
    select
        care_days.household_id,
        windows.score_date,
        sum(care_tasks_due) filter (where days_before < 30) as due_30,
        sum(care_tasks_on_time) filter (where days_before < 30) as on_time_30,
        sum(care_tasks_due) filter (where days_before >= 30) as due_prev_30,
        sum(care_tasks_on_time) filter (where days_before >= 30) as on_time_prev_30
    from {{ ref('int_care_days') }} as care_days
    inner join windows on care_days.due_date = windows.activity_date and windows.days_before < 60
    group by care_days.household_id, windows.score_date
),

pets as (
    select pets.household_id, windows.score_date, count(*) as pets_added_90
    from {{ ref('stg_app__pets') }} as pets
    inner join windows on pets.added_date = windows.activity_date and windows.days_before < 90
    group by pets.household_id, windows.score_date
)

select
    customers.household_id,
    customers.score_date,
    cast(care.due_30 as bigint) as care_tasks_due_30,
    cast(care.on_time_30 as bigint) as care_tasks_on_time_30,
    -- Shares are compared by cross-multiplied integers, so that equal shares compare as equal.
    case
        when care.due_30 > 0 and care.due_prev_30 > 0
            then sign(care.on_time_30 * care.due_prev_30 - care.on_time_prev_30 * care.due_30)
    end as care_rate_change,
    {{ count_or_unknown('pets.pets_added_90', 'app', 'pets') }} as pets_added_90
from customers
left join care on customers.household_id = care.household_id and customers.score_date = care.score_date
left join pets on customers.household_id = pets.household_id and customers.score_date = pets.score_date
order by score_date
