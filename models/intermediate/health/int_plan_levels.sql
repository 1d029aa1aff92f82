{{ config(materialized='table') }}

with periods as (
    select household_id, valid_from, valid_until, plan_rank from {{ ref('int_household_plan_periods') }}
),

levels as (
    select plan_rank as level_rank from {{ ref('plans') }} where plan_rank > 0
),

on_level_periods as (
    select
        periods.household_id,
        levels.level_rank,
        periods.valid_from,
        periods.valid_until,
        periods.plan_rank >= levels.level_rank as is_on_level
    from periods
    cross join levels
),

with_changes as (
    select
        *,
        (is_on_level is distinct from lag(is_on_level) over by_day) as is_change
    from on_level_periods
    window by_day as (partition by household_id, level_rank order by valid_from)
),

runs as (
    select
        *,
        sum(cast(is_change as integer)) over (
            partition by household_id, level_rank order by valid_from rows between unbounded preceding and current row
        ) as run_number
    from with_changes
)

select
    household_id,
    level_rank,
    min(valid_from) as level_from,
    nullif(max({{ open_end('valid_until') }}), date '9999-12-31') as level_until
from runs
where is_on_level
group by household_id, level_rank, run_number
