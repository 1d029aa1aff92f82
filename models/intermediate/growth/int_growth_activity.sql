-- A window that ends on a Sunday is the difference of two totals: what was done by that day, and what was done by so many days
-- before. The latter grows on the first Sunday that is so many days later, which needs no join of days with windows.
{%- set steps = [0, 30, 60, 90, 120] %}
with customers as (
    select household_id, score_date from {{ ref('int_growth_sundays') }}
),

days as (
    select household_id, activity_date as day, tasks_completed as tasks, photos_uploaded as photos, 0 as hits, 0 as photo_hits
    from {{ ref('fct_household_daily') }}
    where tasks_completed > 0 or photos_uploaded > 0
    union all
    select household_id, activity_date, 0, 0, limit_hits, photo_limit_hits from {{ ref('int_growth_limit_hits') }}
),

moved as (
    select days.*, steps.step, {{ sunday_from('days.day + steps.step') }} as score_date
    from days
    cross join (select unnest({{ steps }}) as step) as steps
),

changes as (
    select
        household_id,
        score_date,
        {%- for step in steps %}
        sum(tasks) filter (where step = {{ step }}) as tasks_{{ step }},
        {%- endfor %}
        {%- for step in steps[:2] %}
        sum(photos) filter (where step = {{ step }}) as photos_{{ step }},
        sum(hits) filter (where step = {{ step }}) as hits_{{ step }},
        sum(photo_hits) filter (where step = {{ step }}) as photo_hits_{{ step }},
        {%- endfor %}
        false as is_counted
    from moved
    where score_date <= {{ as_of_date() }}
    group by household_id, score_date
    union all by name
    select household_id, score_date, true as is_counted from customers
),

totals as (
    select
        household_id,
        score_date,
        {%- for step in steps %}
        coalesce(sum(sum(tasks_{{ step }})) over running, 0) as tasks_{{ step }},
        {%- endfor %}
        {%- for step in steps[:2] %}
        coalesce(sum(sum(photos_{{ step }})) over running, 0) as photos_{{ step }},
        coalesce(sum(sum(hits_{{ step }})) over running, 0) as hits_{{ step }},
        coalesce(sum(sum(photo_hits_{{ step }})) over running, 0) as photo_hits_{{ step }},
        {%- endfor %}
        bool_or(is_counted) as is_counted
    from changes
    group by household_id, score_date
    window running as (partition by household_id order by score_date)
)

select
    household_id,
    score_date,
    cast(photos_0 as bigint) as photos,
    cast(photos_0 - photos_30 as bigint) as photos_30,
    cast(hits_0 - hits_30 as bigint) as limit_hits_30,
    cast(photo_hits_0 - photo_hits_30 as bigint) as photo_limit_hits_30,
    cast(tasks_0 - tasks_30 as bigint) as tasks_30,
    cast(tasks_30 - tasks_60 as bigint) as tasks_prev_30,
    cast(tasks_60 - tasks_90 as bigint) as tasks_prev_60,
    cast(tasks_90 - tasks_120 as bigint) as tasks_prev_90
from totals
where is_counted
