with customers as (
    select household_id, score_date from {{ ref('int_growth_sundays') }}
),

-- One row per day on which something happened, and one per Sunday on which it is counted.
days as (
    select household_id, activity_date as day, tasks_completed, photos_uploaded, 0 as limit_hits, 0 as photo_limit_hits, false as is_counted
    from {{ ref('fct_household_daily') }}
    where tasks_completed > 0 or photos_uploaded > 0
    union all
    select household_id, activity_date, 0, 0, limit_hits, photo_limit_hits, false from {{ ref('int_growth_limit_hits') }}
    union all
    select household_id, score_date, 0, 0, 0, 0, true from customers
),

-- Running totals at the end of each day; a window is the difference of two of them.
totals as (
    select
        household_id,
        day,
        bool_or(is_counted) as is_counted,
        sum(sum(tasks_completed)) over running as tasks,
        sum(sum(photos_uploaded)) over running as photos,
        sum(sum(limit_hits)) over running as limit_hits,
        sum(sum(photo_limit_hits)) over running as photo_limit_hits
    from days
    group by household_id, day
    window running as (partition by household_id order by day)
)

select
    now.household_id,
    now.day as score_date,
    cast(now.photos as bigint) as photos,
    cast(now.photos - coalesce(d30.photos, 0) as bigint) as photos_30,
    cast(now.limit_hits - coalesce(d30.limit_hits, 0) as bigint) as limit_hits_30,
    cast(now.photo_limit_hits - coalesce(d30.photo_limit_hits, 0) as bigint) as photo_limit_hits_30,
    cast(now.tasks - coalesce(d30.tasks, 0) as bigint) as tasks_30,
    cast(coalesce(d30.tasks, 0) - coalesce(d60.tasks, 0) as bigint) as tasks_prev_30,
    cast(coalesce(d60.tasks, 0) - coalesce(d90.tasks, 0) as bigint) as tasks_prev_60,
    cast(coalesce(d90.tasks, 0) - coalesce(d120.tasks, 0) as bigint) as tasks_prev_90
from totals as now
{%- for days in [30, 60, 90, 120] %}
asof left join totals as d{{ days }} on now.household_id = d{{ days }}.household_id and now.day - {{ days }} >= d{{ days }}.day
{%- endfor %}
where now.is_counted
